package vivit.dataprep.isolation;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.isolation.HelperProcess.HelperKind;
import vivit.dataprep.isolation.HelperProcess.StartException;
import vivit.dataprep.text.Kebab;

/**
 * What confines the helper processes of an executor: found by starting one, since no list of
 * programs or kernel settings tells whether that works.
 *
 * @param sandbox in effect
 * @param failures why better ones do not work; empty if the best one does, or by choice
 */
public record Confinement(Sandbox sandbox, List<String> failures) implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(Confinement.class);
  private static final long PROBE_BYTES = 2 * DecodeLimits.LEAST_MEMORY_BYTES;
  private static final Map<SandboxChoice, Confinement> FOUND = new EnumMap<>(SandboxChoice.class);

  /** Copies the list. */
  public Confinement {
    failures = List.copyOf(failures);
  }

  /**
   * Finds the sandbox of a choice, once in this JVM, and logs it.
   *
   * @throws IOException if it does not work here
   */
  static Confinement of(SandboxChoice choice) throws IOException {
    synchronized (FOUND) {
      Confinement found = FOUND.get(choice);
      if (found == null) {
        found =
            switch (choice) {
              case AUTO -> best();
              case BWRAP -> named(Sandbox.BWRAP);
              case UNSHARE -> named(Sandbox.UNSHARE);
              case NONE -> new Confinement(Sandbox.NONE, List.of());
            };
        found.log(LOG);
        FOUND.put(choice, found);
      }
      return found;
    }
  }

  private static Confinement best() throws IOException {
    List<String> failures = new ArrayList<>();
    for (Sandbox sandbox : Sandbox.values()) {
      try {
        attempt(sandbox);
        return new Confinement(sandbox, failures);
      } catch (StartException e) {
        failures.add("%s: %s".formatted(Kebab.of(sandbox), e.getMessage()));
      }
    }
    throw new IllegalStateException("To do without a sandbox always works");
  }

  private static Confinement named(Sandbox sandbox) throws IOException {
    try {
      attempt(sandbox);
      return new Confinement(sandbox, List.of());
    } catch (StartException e) {
      throw new IOException(
          ("Cannot confine helper processes as prepare.sandbox=%s demands: %s; install the program"
                  + " and allow its user namespaces, or choose prepare.sandbox=auto")
              .formatted(Kebab.of(sandbox), e.getMessage()),
          e);
    }
  }

  /** Starts a helper, which also shows that it finds its classes and libraries. */
  private static void attempt(Sandbox sandbox) throws IOException {
    if (sandbox != Sandbox.NONE) {
      HelperProcess.startOrSay(new HelperKind(sandbox, PROBE_BYTES)).close();
    }
  }

  /** Whether the best sandbox does not work. */
  public boolean isFallback() {
    return !failures.isEmpty();
  }

  /** Logs the sentence; a warning if the best sandbox does not work. */
  public void log(Logger log) {
    if (isFallback()) {
      log.warn(words());
    } else {
      log.info(words());
    }
  }

  /** One sentence for the log. */
  public String words() {
    String tried = failures.stream().collect(Collectors.joining("; ", " (", ")"));
    if (sandbox != Sandbox.NONE) {
      return "Helper processes run under %s: no network, a private view of files%s"
          .formatted(Kebab.of(sandbox), isFallback() ? tried : "");
    }
    return "Helper processes run without a sandbox and reach network and files of their user: "
        + (isFallback()
            ? "none works here%s; install bubblewrap and allow its user namespaces".formatted(tried)
            : "prepare.sandbox=none");
  }
}
