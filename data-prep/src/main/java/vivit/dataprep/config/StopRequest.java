package vivit.dataprep.config;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to end: the first Ctrl-C asks for an orderly end, and the signal {@code TERM}, if it is
 * taken over too, for one that does not wait for anything. Each ends the program at once, without
 * its shutdown hooks, if an end has been asked for in the same way before.
 */
public final class StopRequest implements BooleanSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

  private final AtomicInteger interrupts = new AtomicInteger();
  private final AtomicInteger terminations = new AtomicInteger();

  private StopRequest() {}

  /**
   * Takes Ctrl-C over, from an earlier request too; a JVM that must not gives no requests.
   *
   * @param first what the first one does, in a thread of its own
   */
  public static StopRequest ofInterrupts(Runnable first) {
    StopRequest request = new StopRequest();
    bind(IrqHandler.CONTROL_C, request.interrupts, Command.STOPPED, first);
    return request;
  }

  /** Takes the signal {@code TERM} over as well. */
  public StopRequest orTerminations(Runnable first) {
    bind(IrqHandler.SIGTERM, terminations, Command.TERMINATED, first);
    return this;
  }

  private static void bind(String signal, AtomicInteger requests, int status, Runnable first) {
    try {
      new IrqHandler(
              signal,
              received -> {
                if (requests.incrementAndGet() > 1) {
                  Runtime.getRuntime().halt(status);
                }
                first.run();
              })
          .bind();
    } catch (IllegalArgumentException reserved) { // option -Xrs
      LOG.debug("The signal {} ends the program at once", signal, reserved);
    }
  }

  /** Whether an end has been asked for that waits for nothing. */
  public boolean isUrgent() {
    return terminations.get() > 0;
  }

  /** Whether the end has been asked for. */
  @Override
  public boolean getAsBoolean() {
    return interrupts.get() > 0 || isUrgent();
  }
}
