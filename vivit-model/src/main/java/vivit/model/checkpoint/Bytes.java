package vivit.model.checkpoint;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is read at any place. Positions and sizes are long, so files beyond 2 GiB work.
 *
 * <p>The files of one folder belong together in some formats; {@link #sibling} opens another one.
 */
public interface Bytes extends Closeable {

  /** The file's name, for messages; the last part is what {@link #sibling} calls it. */
  String name();

  /** Bytes in the file. */
  long size();

  /**
   * Copies {@code count} bytes, starting at {@code position} of the file, to {@code into[from]}.
   *
   * @throws EOFException when the file ends before
   */
  void read(long position, byte[] into, int from, int count) throws IOException;

  /** All bytes, from the first; closing the stream leaves the file open. */
  default InputStream stream() {
    return new BytesInput(this, 0, size());
  }

  /** Another file of the same folder, or nothing where none is called so; closed by its opener. */
  Optional<Bytes> sibling(String fileName) throws IOException;

  /** A file of the local file system; symbolic links are followed, folders are refused. */
  static Bytes of(Path file) throws IOException {
    return FileBytes.open(file);
  }
}
