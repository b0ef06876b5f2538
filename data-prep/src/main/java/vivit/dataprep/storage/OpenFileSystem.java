package vivit.dataprep.storage;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/**
 * Opens the file system of a path; what Hadoop throws in several ways becomes one sentence. Web
 * addresses are refused: Hadoop would fetch them, but cannot list or seek in what it gets.
 */
public final class OpenFileSystem {
  private static final Set<String> WEB = Set.of("http", "https", "ftp", "ftps", "sftp", "data");

  private OpenFileSystem() {}

  /**
   * Opens the file system of a path.
   *
   * @throws IOException if there is none for its scheme, or it cannot be reached
   */
  public static FileSystem of(Path path, Configuration conf) throws IOException {
    String scheme = path.toUri().getScheme();
    String problem = scheme == null ? "" : problem(scheme);
    if (!problem.isEmpty()) {
      throw new IOException("Cannot use " + path + ": " + problem);
    }
    try {
      return path.getFileSystem(conf);
    } catch (UnsupportedFileSystemException | RuntimeException refused) {
      throw new IOException("Cannot use " + path + ": " + cause(scheme, refused), refused);
    }
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
      return "the host " + cause.getMessage() + " has no address; correct the name";
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
