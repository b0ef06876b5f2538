package vivit.dataprep.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Drains the error output of a process, so that the process never blocks, and keeps its end. */
final class ErrorOutput {
  private static final int KEPT_BYTES = 1 << 14;
  private static final long JOIN_MILLIS = 2000;

  private final InputStream in;
  private final byte[] kept = new byte[KEPT_BYTES];
  private final Thread reader;
  private long count;

  ErrorOutput(InputStream in) {
    this.in = in;
    // No inherited thread locals: they belong to the Spark task that happened to come first.
    reader = new Thread(null, this::read, "decoder messages", 0, false);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    byte[] bytes = new byte[1 << 10];
    try (in) {
      for (int found = in.read(bytes); found >= 0; found = in.read(bytes)) {
        keep(bytes, found);
      }
    } catch (IOException e) {
      // The process is gone and its pipe is closed: nothing more will come.
    }
  }

  private synchronized void keep(byte[] bytes, int found) {
    for (int i = 0; i < found; i++) {
      kept[(int) (count++ % KEPT_BYTES)] = bytes[i];
    }
  }

  /** The last lines, once the process has ended. */
  String text() {
    awaitEnd();
    return recent();
  }

  /** Waits, once the process has ended, until everything is read and the pipe is closed. */
  void awaitEnd() {
    Waiting.uninterruptibly(() -> reader.join(JOIN_MILLIS));
  }

  private synchronized String recent() {
    int length = (int) Math.min(count, KEPT_BYTES);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = kept[(int) ((count - length + i) % KEPT_BYTES)];
    }
    return new String(text, StandardCharsets.UTF_8);
  }
}
