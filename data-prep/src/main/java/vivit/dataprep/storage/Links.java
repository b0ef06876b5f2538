package vivit.dataprep.storage;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Refuses symbolic links where this program expects a folder or file that it wrote itself: a folder
 * that someone else made could otherwise lead to any other place. The folder that a user names, and
 * those above it, may be links.
 *
 * <p>Only local file systems are asked; HDFS makes no links.
 */
public final class Links {
  private Links() {}

  /**
   * Refuses a link; a path that does not exist is none.
   *
   * @param expected what should be there, such as {@code a folder that train wrote}
   * @throws IOException naming the link
   */
  public static void refuse(FileSystem fs, Path path, String expected) throws IOException {
    String problem = problem(fs, path, expected);
    if (!problem.isEmpty()) {
      throw new IOException(problem);
    }
  }

  /** The message of {@link #refuse}; empty if the path is no link. */
  public static String problem(FileSystem fs, Path path, String expected) {
    return AtomicFile.raw(fs) instanceof RawLocalFileSystem local
            && Files.isSymbolicLink(local.pathToFile(path).toPath())
        ? "Cannot read %s: it is a link, expected %s; put a copy of what it points to in its place"
            .formatted(path, expected)
        : "";
  }
}
