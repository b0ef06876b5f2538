package vivit.dataprep.isolation;

import java.io.IOException;
import java.util.List;

/** The helper processes of this virtual machine, seen from outside. */
final class Helpers {
  private Helpers() {}

  /** Process ids of those that live. */
  static List<Long> alive() {
    return ProcessHandle.current()
        .children()
        .filter(ProcessHandle::isAlive)
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .map(ProcessHandle::pid)
        .sorted()
        .toList();
  }

  /** Sends a signal, such as {@code STOP}, to all of them; those that it kills are gone then. */
  static void signal(String name) throws IOException {
    for (long helper : alive()) {
      ProcessHandle process = ProcessHandle.of(helper).orElseThrow();
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(helper)).start();
      Waiting.uninterruptibly(kill::waitFor);
      if (!name.equals("STOP")) { // a virtual machine that dies goes on working for a moment
        process.onExit().join();
      }
    }
  }

  /** Ends those that wait for work. */
  static void closeIdle() {
    HelperPool.closeIdle(0);
  }
}
