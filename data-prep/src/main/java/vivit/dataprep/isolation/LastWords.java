package vivit.dataprep.isolation;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.video.UndecodableVideoException;

/**
 * Why a helper ended, in the same words on every machine: no process ids, addresses or file names.
 */
final class LastWords {
  /** The exit status of a process that a signal ended, less the signal. */
  private static final int SIGNALLED = 128;

  private static final int MOST_SIGNALS = 64;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15,
          "SIGTERM");

  /** A virtual machine catches the signals of native code, says which and where, and aborts. */
  private static final Pattern CAUGHT = Pattern.compile("# +(SIG[A-Z]+) \\(0x([0-9a-f]+)\\)");

  private static final Pattern LIBRARY = Pattern.compile("# C +\\[([^\\]+]+)\\+");
  private static final int MOST_CHARACTERS = 200;

  private LastWords() {}

  static UndecodableVideoException tooLong(Duration limit) {
    return new UndecodableVideoException(
        BadKind.TIMEOUT,
        "decoding took longer than %s (prepare.time-limit)".formatted(words(limit)),
        "");
  }

  static UndecodableVideoException tooMuch(long memoryBytes) {
    return new UndecodableVideoException(
        BadKind.MEMORY,
        "decoding took more than %s of memory (prepare.memory-limit)".formatted(words(memoryBytes)),
        "");
  }

  /** Such as {@code signal 11, SIGSEGV, in libavcodec.so.62} or {@code exit status 1: no room}. */
  static String how(int status, String messages) {
    if (status <= SIGNALLED || status > SIGNALLED + MOST_SIGNALS) {
      String last = lastLine(messages);
      return "exit status " + status + (last.isEmpty() ? "" : ": " + last);
    }
    int signal = status - SIGNALLED;
    Matcher caught = CAUGHT.matcher(messages);
    if (caught.find()) {
      signal = Integer.parseInt(caught.group(2), 16);
    }
    Matcher library = LIBRARY.matcher(messages);
    return "signal "
        + signal
        + (SIGNALS.containsKey(signal) ? ", " + SIGNALS.get(signal) : "")
        + (library.find() ? ", in " + library.group(1) : "");
  }

  private static String lastLine(String messages) {
    String last = messages.strip();
    last = last.substring(last.lastIndexOf('\n') + 1).strip();
    return last.substring(0, Math.min(last.length(), MOST_CHARACTERS));
  }

  /** Such as {@code 2 minutes} or {@code 1.5 seconds}. */
  static String words(Duration time) {
    long millis = time.toMillis();
    if (millis % 60_000 == 0) {
      return millis / 60_000 + (millis == 60_000 ? " minute" : " minutes");
    }
    if (millis % 1000 == 0) {
      return millis / 1000 + (millis == 1000 ? " second" : " seconds");
    }
    return millis + " milliseconds";
  }

  /** Such as {@code 1 GiB} or {@code 300 MiB}. */
  static String words(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + " GiB";
    }
    return bytes % (1L << 20) == 0 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }
}
