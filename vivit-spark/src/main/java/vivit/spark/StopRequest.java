package vivit.spark;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Command;

/**
 * Ctrl-C: the first one asks for an orderly end, the second one ends the program at once, without
 * its shutdown hooks.
 */
final class StopRequest implements BooleanSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

  private final AtomicInteger requests = new AtomicInteger();

  private StopRequest() {}

  /** Takes Ctrl-C over for the rest of the program; a JVM that must not gives no requests. */
  static StopRequest ofInterrupts() {
    StopRequest request = new StopRequest();
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
    LOG.info(
        "Stopping after the round that is running, with a checkpoint; another Ctrl-C stops at once"
            + " and loses what came after the last checkpoint");
  }

  /** Whether the end has been asked for. */
  @Override
  public boolean getAsBoolean() {
    return requests.get() > 0;
  }
}
