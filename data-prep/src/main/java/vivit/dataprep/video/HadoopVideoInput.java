package vivit.dataprep.video;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.BadKind;

/** A file of a Hadoop file system: one open stream, moved only where reading does not go on. */
public final class HadoopVideoInput implements VideoInput {
  private final FSDataInputStream in;
  private final long length;
  private long position;

  private HadoopVideoInput(FSDataInputStream in, long length) {
    this.in = in;
    this.length = length;
  }

  /**
   * Opens a file.
   *
   * @throws UndecodableVideoException if there is none, or an empty one, or a folder
   * @throws IOException if the storage fails
   */
  public static HadoopVideoInput open(FileSystem fs, Path video) throws IOException {
    FileStatus status;
    try {
      status = fs.getFileStatus(video);
    } catch (FileNotFoundException e) {
      throw new UndecodableVideoException(BadKind.MISSING, "the file does not exist", "");
    }
    if (status.isDirectory()) {
      throw new UndecodableVideoException("it is a folder");
    }
    if (status.getLen() == 0) {
      throw new UndecodableVideoException(BadKind.TRUNCATED, "the file is empty", "");
    }
    return new HadoopVideoInput(fs.open(video), status.getLen());
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
    int found = in.read(to, offset, count);
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
