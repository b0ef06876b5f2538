package vivit.model.checkpoint;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file with random access. Positions and sizes are long, so files beyond 2 GiB work.
 *
 * <p>The files of one folder belong together in some formats; {@link #sibling} opens another one.
 */
public interface Bytes extends Closeable {

  /** The name for messages; its last part is the name for {@link #sibling}. */
  String name();

  /** Size in bytes. */
  long size();

  /**
   * Copies {@code count} bytes from {@code position} of the file to {@code into[from]}.
   *
   * @throws EOFException when the file ends earlier
   */
  void read(long position, byte[] into, int from, int count) throws IOException;

  /** Another file of the same folder, if it exists; the caller closes it. */
  Optional<Bytes> sibling(String fileName) throws IOException;

  /** Opens a file of the local file system; follows symbolic links, refuses folders. */
  static Bytes of(Path file) throws IOException {
    return FileBytes.open(file);
  }
}
