package vivit.dataprep.source;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Secrets;

/**
 * The file systems that a list may name files on: its own, that of {@code prepare.videos}, and
 * those of {@code prepare.other-file-systems}. Paths are looked at before any file system is
 * opened, since a list that comes from elsewhere must not make this program connect to machines of
 * its choice.
 */
public final class ListedFileSystems {
  private static final String SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:/.*";
  private static final int HDFS_PORT = 8020;

  private final URI usual;
  private final TreeSet<String> allowed = new TreeSet<>();
  private final String list;

  /** Allows what the settings name. */
  public ListedFileSystems(Configuration conf, SourceSettings settings) {
    this.usual = FileSystem.getDefaultUri(conf);
    this.list = name(new Path(settings.input()));
    allowed.add(list);
    if (!settings.videos().isEmpty()) {
      allowed.add(name(new Path(settings.videos())));
    }
    for (String other : settings.otherFileSystems()) {
      allowed.add(name(new Path(other.endsWith("/") ? other : other + "/")));
    }
  }

  /** Whether a text is the name of a file system, such as {@code hdfs://namenode:8020}. */
  public static boolean isName(String text) {
    return text.matches("[A-Za-z][A-Za-z0-9+.-]*://[^/]*/?") && !Secrets.isIn(text);
  }

  /** Whether a cell or line is a full path, with a scheme, rather than a name in a folder. */
  static boolean isFull(String path) {
    return path.matches(SCHEME);
  }

  /**
   * What a list should name instead of this path, for a sentence that ends in {@code expected};
   * empty if the path is on one of the file systems.
   */
  public Optional<String> expectedInsteadOf(Path path) {
    String scheme = path.toUri().getScheme();
    if (scheme == null) {
      return Optional.empty();
    }
    if (scheme.length() == 1) {
      return Optional.of(
          "a path on the file system of the list, not one with a Windows drive; give the path that"
              + " this machine knows");
    }
    String problem = OpenFileSystem.problem(scheme);
    if (!problem.isEmpty()) {
      return Optional.of("the path of a file: " + problem);
    }
    String host = path.toUri().getAuthority();
    if (scheme.equalsIgnoreCase("file") && host != null && !host.isEmpty()) {
      return Optional.of(
          "a file of this machine, such as file:///a/b.mp4; no files of the host %s can be read"
              .formatted(host));
    }
    return allowed.contains(name(path))
        ? Optional.empty()
        : Optional.of(
            "a file on %s, where the list is; if %s may be read too, give prepare.other-file-systems=[\"%s\"]"
                .formatted(
                    allowed.size() == 1 ? list : "one of " + String.join(", ", allowed),
                    name(path),
                    name(path)));
  }

  /** Scheme and authority as Hadoop completes them. */
  private String name(Path path) {
    URI uri = path.toUri();
    String scheme = uri.getScheme() == null ? usual.getScheme() : uri.getScheme();
    String authority = uri.getAuthority();
    if (authority == null && scheme.equalsIgnoreCase(usual.getScheme())) {
      authority = usual.getAuthority();
    }
    String lower = scheme.toLowerCase(Locale.ROOT);
    if (lower.equals("file") || authority == null) {
      return lower + "://";
    }
    boolean port = !lower.equals("hdfs") || authority.contains(":");
    return lower + "://" + authority.toLowerCase(Locale.ROOT) + (port ? "" : ":" + HDFS_PORT);
  }
}
