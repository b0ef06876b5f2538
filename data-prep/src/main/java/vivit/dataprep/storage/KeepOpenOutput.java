package vivit.dataprep.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * An output stream whose close only flushes, so that the owner can still force the file to disk.
 */
public final class KeepOpenOutput extends FilterOutputStream {

  /** Wraps a stream that its owner closes. */
  public KeepOpenOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    out.write(bytes, from, count);
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
