package vivit.spark.model;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.model.checkpoint.Bytes;

/** A file of any Hadoop file system. */
final class HadoopBytes implements Bytes {
  private final FileSystem fs;
  private final Path file;
  private final FSDataInputStream in;
  private final long size;

  private HadoopBytes(FileSystem fs, Path file, FSDataInputStream in, long size) {
    this.fs = fs;
    this.file = file;
    this.in = in;
    this.size = size;
  }

  static HadoopBytes open(FileSystem fs, Path file) throws IOException {
    long size = fs.getFileStatus(file).getLen();
    return new HadoopBytes(fs, file, fs.open(file), size);
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, byte[] into, int from, int count) throws IOException {
    if (position < 0 || count > size - position) {
      throw new EOFException(
          String.format(
              "Cannot read %s: it ends at byte %d, expected %d bytes from byte %d on",
              file, size, count, position));
    }
    in.readFully(position, into, from, count);
  }

  @Override
  public Optional<Bytes> sibling(String fileName) throws IOException {
    Path other = new Path(file.getParent(), fileName);
    return fs.exists(other) && fs.getFileStatus(other).isFile()
        ? Optional.of(open(fs, other))
        : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
