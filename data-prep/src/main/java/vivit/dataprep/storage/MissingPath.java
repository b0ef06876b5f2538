package vivit.dataprep.storage;

import java.io.File;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * What to say of a path that does not exist. A path without a scheme is one of the default file
 * system, {@code fs.defaultFS}; on a cluster that is HDFS, where a local path leads nowhere.
 */
public final class MissingPath {
  private MissingPath() {}

  /** The place that was looked at, with scheme and host if the default file system added them. */
  public static String name(FileSystem fs, Path path) {
    return isCompleted(fs, path) ? fs.makeQualified(path).toString() : path.toString();
  }

  /**
   * What to do: {@code otherwise}, unless the path was completed and is one of this machine's disk.
   */
  public static String advice(FileSystem fs, Path path, String otherwise) {
    File local = new File(path.toUri().getPath()).getAbsoluteFile();
    return isCompleted(fs, path) && local.exists()
        ? "a path without a scheme is looked for on the default file system, and this machine's disk has it: write file://%s, if all executors see it there"
            .formatted(local.toPath().normalize())
        : otherwise;
  }

  private static boolean isCompleted(FileSystem fs, Path path) {
    return path.toUri().getScheme() == null && !(AtomicFile.raw(fs) instanceof RawLocalFileSystem);
  }
}
