package vivit.dataprep.isolation;

import java.io.IOException;
import java.util.List;

/** The helper processes of this JVM, observed from outside. */
final class Helpers {
  private Helpers() {}

  /** Process ids of the running helpers. */
  static List<Long> alive() {
    return ProcessHandle.current()
        .descendants() // a sandbox stands in between
        .filter(ProcessHandle::isAlive)
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .map(ProcessHandle::pid)
        .sorted()
        .toList();
  }

  /** Sends a signal, such as {@code STOP}, to all helpers and waits for those that it kills. */
  static void signal(String name) throws IOException {
    for (long helper : alive()) {
      ProcessHandle process = ProcessHandle.of(helper).orElseThrow();
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(helper)).start();
      Waiting.uninterruptibly(kill::waitFor);
      if (!name.equals("STOP")) { // a dying JVM keeps running for a moment
        process.onExit().join();
      }
    }
  }

  /** Ends the idle helpers. */
  static void closeIdle() {
    HelperPool.closeIdle(0);
  }
}
