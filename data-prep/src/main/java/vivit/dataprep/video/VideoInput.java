package vivit.dataprep.video;

import java.io.Closeable;
import java.io.IOException;

/** Random access to the bytes of a file. Not thread-safe. */
public interface VideoInput extends Closeable {
  /** Length of the file in bytes. */
  long length();

  /**
   * Reads up to {@code count} bytes from a position.
   *
   * @return the number of bytes read, at least 1 unless {@code count} is 0; -1 at or beyond the end
   * @throws IOException if the storage fails
   */
  int read(long position, byte[] to, int offset, int count) throws IOException;
}
