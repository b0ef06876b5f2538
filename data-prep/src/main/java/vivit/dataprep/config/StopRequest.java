package vivit.dataprep.config;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C: the first one asks for an orderly end, the second one ends the program at once, without
 * its shutdown hooks.
 */
public final class StopRequest implements BooleanSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

  private final AtomicInteger requests = new AtomicInteger();
  private final Runnable first;

  private StopRequest(Runnable first) {
    this.first = first;
  }

  /**
   * Takes Ctrl-C over, from an earlier request too; a JVM that must not gives no requests.
   *
   * @param first what the first one does, in a thread of its own
   */
  public static StopRequest ofInterrupts(Runnable first) {
    StopRequest request = new StopRequest(first);
    try {
      new IrqHandler(IrqHandler.CONTROL_C, signal -> request.add()).bind();
    } catch (IllegalArgumentException reserved) { // option -Xrs
      LOG.debug("Ctrl-C ends the program at once", reserved);
    }
    return request;
  }

  private void add() {
    if (requests.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(Command.STOPPED);
    }
    first.run();
  }

  /** Whether the end has been asked for. */
  @Override
  public boolean getAsBoolean() {
    return requests.get() > 0;
  }
}
