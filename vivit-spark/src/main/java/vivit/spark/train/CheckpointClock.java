package vivit.spark.train;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.spark.config.CheckpointInterval;
import vivit.spark.config.CheckpointInterval.AfterTime;
import vivit.spark.config.CheckpointInterval.AfterTraining;
import vivit.spark.config.CheckpointInterval.Computed;

/** Decides at the end of a round whether a checkpoint is due. */
final class CheckpointClock {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointClock.class);

  private final CheckpointInterval interval;
  private final LongSupplier nanos;
  private long last;

  /** A computed interval in seconds. */
  private double every = Computed.SHORTEST;

  /** The computed interval that the log has; 0 for none. */
  private double said;

  /**
   * Starts to measure the time.
   *
   * @param nanos as from {@link System#nanoTime}
   */
  CheckpointClock(CheckpointInterval interval, LongSupplier nanos) {
    this.interval = interval;
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** Whether a checkpoint is due after a round that led from step {@code before} to another. */
  boolean isDue(long before, long after, long stepsPerEpoch) {
    double seconds = (nanos.getAsLong() - last) / 1e9;
    if (interval instanceof AfterTraining training) {
      return training.isDue(before, after, stepsPerEpoch);
    } else if (interval instanceof AfterTime time) {
      return seconds >= time.seconds();
    } else {
      return seconds >= every;
    }
  }

  /** Notes that a checkpoint is begun now. */
  void begin() {
    last = nanos.getAsLong();
  }

  /** Notes how long it took to write a checkpoint. */
  void wrote(double seconds) {
    if (interval instanceof Computed computed) {
      every = computed.seconds(seconds);
      if (said == 0 || every > 1.25 * said || every < said / 1.25) {
        said = every;
        LOG.info("{}", line(seconds));
      }
    }
  }

  private String line(double writing) {
    return "Checkpoint every %.0f s: writing takes %.1f s, and a failure every %d hours is assumed"
        .formatted(every, writing, Computed.HOURS_BETWEEN_FAILURES);
  }
}
