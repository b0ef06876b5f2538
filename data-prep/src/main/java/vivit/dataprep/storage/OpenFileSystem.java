package vivit.dataprep.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.util.VersionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.text.Secrets;

/**
 * Opens the file system of a path; what Hadoop throws in several ways becomes one sentence. Web
 * addresses are refused: Hadoop would fetch them, but cannot list or seek in what it gets.
 */
public final class OpenFileSystem {
  /** Why a path with a password in it is refused, and what to do. */
  public static final String NO_SECRETS =
      "names and passwords in addresses end up in files and logs; give them as settings of Hadoop or in the environment";

  private static final Set<String> WEB = Set.of("http", "https", "ftp", "ftps", "sftp", "data");

  private static final int PATIENCE_SECONDS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(OpenFileSystem.class);

  /** Those that have answered; file systems are equal only to themselves. */
  private static final Set<FileSystem> REACHED =
      Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

  private OpenFileSystem() {}

  /**
   * Opens the file system of a path.
   *
   * @throws IOException if there is none for its scheme, or it cannot be reached, or a password is
   *     in it; the message names the path
   */
  public static FileSystem of(Path path, Configuration conf) throws IOException {
    String scheme = path.toUri().getScheme();
    String problem =
        Secrets.isIn(path.toString()) ? NO_SECRETS : scheme == null ? "" : problem(scheme);
    if (!problem.isEmpty()) {
      throw new IOException("Cannot use " + Secrets.hidden(path.toString()) + ": " + problem);
    }
    FileSystem fs;
    try {
      fs = path.getFileSystem(conf);
    } catch (UnsupportedFileSystemException | RuntimeException refused) {
      throw new IOException("Cannot use " + path + ": " + cause(scheme, refused), refused);
    }
    if (!(AtomicFile.raw(fs) instanceof RawLocalFileSystem) && REACHED.add(fs)) {
      reach(fs, path, conf);
    }
    return fs;
  }

  /**
   * Asks a file system for a file that need not exist, once, since what it throws later does not
   * name one. Hadoop repeats attempts for a long time; after some seconds the log says so.
   */
  private static void reach(FileSystem fs, Path path, Configuration conf) throws IOException {
    CompletableFuture<Void> warning =
        CompletableFuture.runAsync(
            () -> LOG.warn("{}", waiting(fs, conf)),
            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    boolean reached = false;
    try {
      fs.getFileStatus(path);
      reached = true;
    } catch (IOException failed) {
      if (isInterrupted(failed)) {
        throw failed;
      }
      Optional<IOException> unreachable =
          StorageFailure.unreachable(fs.makeQualified(path), failed);
      if (unreachable.isPresent()) {
        throw unreachable.get();
      }
      reached = true; // what is wrong with this file, its user finds out
    } finally {
      warning.cancel(false);
      if (!reached) {
        REACHED.remove(fs);
      }
    }
  }

  private static boolean isInterrupted(IOException failed) {
    return failed instanceof ClosedByInterruptException
        || (failed instanceof InterruptedIOException
            && !(failed instanceof SocketTimeoutException));
  }

  /** How long Hadoop's client for HDFS tries, by its settings. */
  private static String waiting(FileSystem fs, Configuration conf) {
    long millis =
        (conf.getInt("ipc.client.connect.max.retries.on.timeouts", 45) + 1L)
            * conf.getLong("ipc.client.connect.timeout", 20_000);
    String limit =
        fs instanceof DistributedFileSystem
            ? ", for up to %d s (ipc.client.connect.max.retries.on.timeouts)"
                .formatted(millis / 1000)
            : "";
    return "%s has not answered for %d s; Hadoop goes on trying%s"
        .formatted(fs.getUri(), PATIENCE_SECONDS, limit);
  }

  /** Why files of this scheme are never read; empty if they may be. */
  public static String problem(String scheme) {
    return WEB.contains(scheme.toLowerCase(Locale.ROOT))
        ? "files are read from local disks and Hadoop file systems such as hdfs://, not from "
            + scheme
            + "://; download it first"
        : "";
  }

  private static String cause(String scheme, Exception refused) {
    Throwable cause = refused;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof UnknownHostException) {
      return StorageFailure.noAddress(cause.getMessage());
    }
    if (cause instanceof ClassNotFoundException
        || cause instanceof UnsupportedFileSystemException) {
      return "there is no file system for "
          + scheme
          + ":// here; "
          + ("s3a".equals(scheme)
              ? "add its jars, --packages org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion()
              : "add the jars that have it with --jars or --packages")
          + ", or download the files first";
    }
    return String.valueOf(cause.getMessage());
  }
}
