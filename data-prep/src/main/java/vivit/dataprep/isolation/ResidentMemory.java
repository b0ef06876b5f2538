package vivit.dataprep.isolation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory a process holds. Linux tells; elsewhere 0, and only the limits that a helper sets
 * for itself hold: its Java heap, and the largest piece that FFmpeg may allocate.
 */
final class ResidentMemory {
  private static final String FIELD = "\nVmRSS:";

  private ResidentMemory() {}

  /** Bytes of a process, 0 if it is gone. */
  static long bytes(long pid) {
    String status;
    try {
      status =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return 0;
    }
    int from = status.indexOf(FIELD);
    int to = status.indexOf(" kB", Math.max(from, 0));
    return from < 0 || to < 0
        ? 0
        : Long.parseLong(status.substring(from + FIELD.length(), to).strip()) << 10;
  }
}
