package vivit.dataprep.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.text.Visible;

/**
 * The exclusive right to write into a folder: a file {@code _lock} in it, created exclusively.
 *
 * <p>The lock file states host, process and start time. While held, its modification time is
 * renewed every ten seconds. An abandoned lock is taken over: at once if its process is known to be
 * dead (same host), or after a minute without renewal if it is on another host.
 */
public final class FolderLock implements Closeable {
  /** Name of the lock file; the underscore hides it from table readers. */
  public static final String FILE_NAME = "_lock";

  static final Duration RENEWAL = Duration.ofSeconds(10);
  static final Duration STALE_AFTER = Duration.ofSeconds(60);

  private static final int MOST_LOCK_BYTES = 1 << 16;

  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

  private final FileSystem fs;
  private final Path file;
  private final LockHolder holder;
  private final ScheduledExecutorService renewal;
  private volatile boolean lost;

  private FolderLock(FileSystem fs, Path file, LockHolder holder) {
    this.fs = fs;
    this.file = file;
    this.holder = holder;
    this.renewal =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "folder-lock");
              thread.setDaemon(true);
              return thread;
            });
    // The future is not needed: renew() handles its own failures.
    var unused =
        renewal.scheduleWithFixedDelay(
            this::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Locks the folder, creating it if absent.
   *
   * @param purpose one word for messages, such as {@code prepare}
   * @throws FolderInUseException if another process, or another lock of this process, holds it
   */
  public static FolderLock acquire(FileSystem fs, Path folder, String purpose) throws IOException {
    FileSystem raw = AtomicFile.raw(fs);
    if (!raw.mkdirs(folder)) {
      throw new IOException(
          "Cannot make the folder %s; let this user write in %s, or name another folder"
              .formatted(folder, folder.getParent()));
    }
    Path file = new Path(folder, FILE_NAME);
    LockHolder holder = LockHolder.thisProcess(purpose);
    if (!create(raw, file, holder)) {
      removeIfAbandoned(raw, file);
      if (!create(raw, file, holder)) {
        throw inUse(folder, read(raw, file));
      }
    }
    return new FolderLock(raw, file, holder);
  }

  /**
   * Confirms that this lock still holds the folder; call it before a step that must not happen
   * twice.
   *
   * @throws FolderInUseException if another process has taken over the lock for lack of renewal
   */
  public void ensureHeld() throws IOException {
    Optional<LockHolder> found = read(fs, file);
    if (lost || found.isEmpty() || !found.get().token().equals(holder.token())) {
      lost = true;
      throw new FolderInUseException(
          "Lost the lock "
              + file
              + " to "
              + found.map(FolderLock::describe).orElse("someone who deleted it")
              + "; this process must not write there any more");
    }
  }

  /** Releases the folder. A lock that another process has taken over stays. */
  @Override
  public void close() throws IOException {
    renewal.shutdown(); // lets a renewal in progress finish before its file is deleted
    try {
      renewal.awaitTermination(RENEWAL.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!lost && read(fs, file).filter(h -> h.token().equals(holder.token())).isPresent()) {
      fs.delete(file, false);
    }
  }

  private void renew() {
    try {
      ensureHeld();
      fs.setTimes(file, System.currentTimeMillis(), -1);
    } catch (FolderInUseException e) {
      LOG.error("{}", e.getMessage());
    } catch (IOException e) {
      LOG.warn("Cannot renew the lock {}; trying again in {} s", file, RENEWAL.toSeconds(), e);
    }
  }

  private static boolean create(FileSystem fs, Path file, LockHolder holder) throws IOException {
    if (fs instanceof RawLocalFileSystem local) {
      return createLocally(local, file, holder);
    }
    try (OutputStream out = fs.create(file, false)) {
      out.write(holder.toJson());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      if (fs.exists(file)) { // HDFS wraps "already being created" in several exceptions
        return false;
      }
      throw e;
    }
  }

  /** Creates the lock in one step, so that a killed process leaves no empty one. */
  private static boolean createLocally(RawLocalFileSystem local, Path file, LockHolder holder)
      throws IOException {
    java.nio.file.Path lock = local.pathToFile(file).toPath();
    java.nio.file.Path whole = local.pathToFile(AtomicFile.temporaryName(file)).toPath();
    try {
      Files.write(whole, holder.toJson(), StandardOpenOption.CREATE_NEW);
      Files.createLink(lock, whole);
      return true;
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) { // no hard links here
      if (Files.exists(lock)) {
        return false;
      }
      try (OutputStream out = Files.newOutputStream(lock, StandardOpenOption.CREATE_NEW)) {
        out.write(holder.toJson());
        return true;
      } catch (java.nio.file.FileAlreadyExistsException other) {
        return false;
      }
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static Optional<LockHolder> read(FileSystem fs, Path file) throws IOException {
    try (FSDataInputStream in = fs.open(file)) {
      return LockHolder.parse(in.readNBytes(MOST_LOCK_BYTES));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Moves an abandoned lock out of the way; the process that creates the next one has the folder.
   */
  private static void removeIfAbandoned(FileSystem fs, Path file) throws IOException {
    Optional<LockHolder> found = read(fs, file);
    long modified;
    try {
      modified = fs.getFileStatus(file).getModificationTime();
    } catch (FileNotFoundException e) {
      return;
    }
    boolean abandoned =
        (found.isPresent() && found.get().isHere())
            ? !found.get().isAlive()
            : Instant.ofEpochMilli(modified).plus(STALE_AFTER).isBefore(Instant.now());
    if (!abandoned) {
      return;
    }
    Path aside = AtomicFile.temporaryName(file);
    if (!fs.rename(file, aside)) {
      return;
    }
    if (!read(fs, aside).equals(found)) { // someone else was faster and this is their new lock
      fs.rename(aside, file);
      return;
    }
    fs.delete(aside, false);
    LOG.warn(
        "Took over the lock {} left behind by {}",
        file,
        found.map(FolderLock::describe).orElse("an unknown process"));
  }

  private static FolderInUseException inUse(Path folder, Optional<LockHolder> found) {
    return new FolderInUseException(
        "The folder "
            + folder
            + " is in use by "
            + found.map(FolderLock::describe).orElse("an unknown process")
            + "; wait until it ends, or choose another folder. If you know that it is dead, delete "
            + new Path(folder, FILE_NAME));
  }

  private static String describe(LockHolder found) {
    return Visible.text(
        found.purpose()
            + " (process "
            + found.pid()
            + " on host "
            + found.host()
            + ", since "
            + found.since()
            + ")");
  }
}
