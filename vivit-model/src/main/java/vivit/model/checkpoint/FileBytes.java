package vivit.model.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file of the local file system. */
final class FileBytes implements Bytes {

  /** Largest read; the platform keeps a native buffer of this size per thread. */
  private static final int LARGEST_PIECE = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final long size;

  private FileBytes(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  static FileBytes open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("Cannot read " + file + ": it is a folder, expected a file");
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(file.toString(), null, "there is no such file");
    }
    return new FileBytes(file, channel, channel.size());
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
    for (int done = 0; done < count; ) {
      int piece = Math.min(count - done, LARGEST_PIECE);
      int found = channel.read(ByteBuffer.wrap(into, from + done, piece), position + done);
      if (found < 0) {
        throw new EOFException(
            "Cannot read %s: it ends at byte %d, expected %d bytes more"
                .formatted(file, position + done, count - done));
      }
      done += found;
    }
  }

  @Override
  public Optional<Bytes> sibling(String fileName) throws IOException {
    Path other = file.resolveSibling(fileName);
    return Files.isRegularFile(other) ? Optional.of(open(other)) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
