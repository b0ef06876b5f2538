package vivit.dataprep.isolation;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.video.UndecodableVideoException;

/**
 * A helper that ended before its job was done, through no fault of the storage. The text is the
 * same on every machine: it contains no process ids, addresses or file names.
 */
final class LostHelperException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A process killed by signal n has exit status 128 + n. */
  private static final int SIGNALLED = 128;

  private static final int MOST_SIGNALS = 64;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15,
          "SIGTERM");

  /** The JVM catches a signal in native code, prints the signal and its place, and aborts. */
  private static final Pattern CAUGHT = Pattern.compile("# +(SIG[A-Z]+) \\(0x([0-9a-f]+)\\)");

  private static final Pattern LIBRARY = Pattern.compile("# C +\\[([^\\]+]+)\\+");
  private static final int MOST_CHARACTERS = 200;

  private final UndecodableVideoException verdict;

  LostHelperException(UndecodableVideoException verdict) {
    super(verdict.getMessage());
    this.verdict = verdict;
  }

  static LostHelperException tooLong(Duration limit) {
    return new LostHelperException(
        new UndecodableVideoException(
            BadKind.TIMEOUT,
            "decoding took longer than %s (prepare.time-limit)".formatted(words(limit)),
            ""));
  }

  static LostHelperException tooMuch(long memoryBytes) {
    return new LostHelperException(
        new UndecodableVideoException(
            BadKind.MEMORY,
            "decoding took more than %s of memory (prepare.memory-limit)"
                .formatted(words(memoryBytes)),
            ""));
  }

  /** The verdict on the video, if the video is the culprit. */
  UndecodableVideoException verdict() {
    return verdict;
  }

  /**
   * Whether the verdict holds for a video that was alone in its helper. A timeout always holds;
   * memory may be left over from an earlier video, and a kill may come from outside.
   *
   * @param history whether the helper has decoded before
   */
  boolean isConclusive(HelperProcess.History history) {
    return verdict.kind() == BadKind.TIMEOUT
        || (verdict.kind() != BadKind.DIED && history == HelperProcess.History.NONE);
  }

  /**
   * Describes how a process ended, such as {@code signal 11, SIGSEGV, in libavcodec.so.62} or
   * {@code exit status 1: no room}.
   */
  static String describeExit(int status, String messages) {
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

  /** Formats a duration, such as {@code 2 minutes} or {@code 1500 milliseconds}. */
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

  /** Formats an amount of memory, such as {@code 1 GiB} or {@code 300 MiB}. */
  static String words(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + " GiB";
    }
    return bytes % (1L << 20) == 0 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }
}
