# Runs a command that sees only the files named here, read-only, and holds no privileges. Runs as the first process of
# new user, mount and process namespaces. Arguments: any number of "link TARGET PATH" and "bind PATH", then "--" and the
# command.
set -e
view=/sys # a folder that holds none of the files to show
mount -t tmpfs -o size=1m,mode=0755,nosuid,nodev none "$view"
while [ "$1" != -- ]; do
  if [ "$1" = link ]; then
    ln -s "$2" "$view$3"
    shift 3
  else
    if [ -d "$2" ]; then
      mkdir -p "$view$2"
    else
      mkdir -p "$view${2%/*}"
      : > "$view$2"
    fi
    mount --rbind "$2" "$view$2"
    mount -o remount,bind,ro,nosuid,nodev "$view$2"
    shift 2
  fi
done
shift
mkdir -p "$view/proc" "$view/dev" "$view/tmp"
mount -t proc -o nosuid,nodev,noexec none "$view/proc"
for device in null zero random urandom; do
  : > "$view/dev/$device"
  mount --bind "/dev/$device" "$view/dev/$device"
done
ln -s /proc/self/fd "$view/dev/fd"
mount -o remount,bind,ro,nosuid,nodev "$view"
cd "$view"
pivot_root . .
umount -l .
cd /
# A shell stays first, because the kernel spares the first process of a namespace some signals, such as that of abort.
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all /bin/sh -c '"$@"; exit $?' sh "$@"
