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

/** A file of a Hadoop file system: one open stream, moved only where reading does not go on. */
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
   * <p>Local files are read as they are: Hadoop's check of them by {@code .crc} files, which videos
   * do not have, cannot cope with colons in their names.
   *
   * @throws UndecodableVideoException if there is none, or an empty one, or a folder, or it may not
   *     be read
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
      if (String.valueOf(e.getMessage()).contains(DENIED)) { // so Java says of local files
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
    } catch (FSError e) { // how a local file system says that the disk fails
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
