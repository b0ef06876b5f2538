package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;

/** The helper processes of this JVM, observed from outside. */
final class Helpers {
  private Helpers() {}

  /** Whether helpers work in a sandbox here; if not, naming it has to be an error that says so. */
  static boolean work(SandboxChoice choice) {
    try {
      Confinement confinement = Confinement.of(choice);
      assertThat(choice == SandboxChoice.AUTO || !confinement.isFallback()).isTrue();
      return true;
    } catch (IOException e) {
      assertThat(e)
          .hasMessageMatching(
              "Cannot confine helper processes as prepare.sandbox=\\w+ demands: .+; install the"
                  + " program and allow its user namespaces, or choose prepare.sandbox=auto");
      return false;
    }
  }

  /** Process ids of the running helpers. */
  static List<Long> alive() {
    return ProcessHandle.current()
        .descendants() // a sandbox stands in between
        .filter(ProcessHandle::isAlive)
        .filter(Helpers::runsHelper)
        .map(ProcessHandle::pid)
        .sorted()
        .toList();
  }

  /** A process that is just being started still shows the program and arguments of this one. */
  private static boolean runsHelper(ProcessHandle child) {
    ProcessHandle.Info info = child.info();
    return info.command().orElse("").endsWith("java")
        && !Arrays.equals(
            info.arguments().orElse(null), ProcessHandle.current().info().arguments().orElse(null));
  }

  /** Sends a signal, such as {@code STOP}, to all helpers and waits for those that it kills. */
  static void signal(String name) throws IOException {
    for (long helper : alive()) {
      ProcessHandle process = ProcessHandle.of(helper).orElseThrow();
      send(name, helper);
      if (!name.equals("STOP")) {
        send("CONT", helper); // an idle one may still be stopped, and would not take the signal
        process.onExit().join(); // a dying JVM keeps running for a moment
      }
    }
  }

  private static void send(String name, long helper) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(helper)).start();
    Waiting.uninterruptibly(kill::waitFor);
  }

  /** Ends the idle helpers. */
  static void closeIdle() {
    HelperPool.closeIdle(0);
  }
}
