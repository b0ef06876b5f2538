package vivit.dataprep.video;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import vivit.dataprep.clip.BadKind;

/**
 * A file of a Hadoop file system: one open stream, which seeks only when a read is not sequential.
 */
public final class HadoopVideoInput implements VideoInput {
  private static final String DENIED = "Permission denied";

  private final Path video;
  private final FSDataInputStream in;
  private final long length;
  private long position;

  private HadoopVideoInput(Path video, FSDataInputStream in, long length) {
    this.video = video;
    this.in = in;
    this.length = length;
  }

  /**
   * Opens a file.
   *
   * <p>Local files are read without Hadoop's check of {@code .crc} files: videos have none, and the
   * check fails on names with colons.
   *
   * @throws UndecodableVideoException if the file is missing, empty, a folder or not readable
   * @throws IOException if the storage fails
   */
  public static HadoopVideoInput open(FileSystem fs, Path video) throws IOException {
    FileSystem files = fs instanceof LocalFileSystem local ? local.getRaw() : fs;
    try {
      FileStatus status = files.getFileStatus(video);
      if (status.isDirectory()) {
        throw new UndecodableVideoException("it is a folder");
      }
      if (status.getLen() == 0) {
        throw new UndecodableVideoException(BadKind.TRUNCATED, "the file is empty", "");
      }
      return new HadoopVideoInput(video, files.open(video), status.getLen());
    } catch (FileNotFoundException e) {
      if (String.valueOf(e.getMessage()).contains(DENIED)) { // how Java reports it for local files
        throw unreadable();
      }
      throw new UndecodableVideoException(BadKind.MISSING, "the file does not exist", "");
    } catch (AccessControlException | AccessDeniedException e) {
      throw unreadable();
    }
  }

  private static UndecodableVideoException unreadable() {
    return new UndecodableVideoException(
        BadKind.UNREADABLE, "the file may not be read: permission denied", "");
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public int read(long from, byte[] to, int offset, int count) throws IOException {
    if (from >= length) {
      return -1;
    }
    if (from != position) {
      in.seek(from);
      position = from;
    }
    int found;
    try {
      found = in.read(to, offset, count);
    } catch (FSError e) { // how Hadoop reports a failing local disk
      throw new IOException("Cannot read %s: %s".formatted(video, e.getCause().getMessage()), e);
    }
    if (found > 0) {
      position += found;
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
