package vivit.spark.train;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Peer;

/**
 * What a task of a round spent its time on, and what it brought over the network.
 *
 * @param seconds of each phase that the task has; together, the task's time
 * @param received bytes of slices that its executor has received since an earlier task ended, by
 *     sender
 */
record TaskPhases(Map<Phase, Double> seconds, Map<Peer, Long> received) implements Serializable {

  /** A part of a task; those of training, then those of averaging. */
  enum Phase {
    /** Fetching the vectors that the round starts from. */
    GATHER,
    /** Making a replica ready and copying these vectors into it. */
    LOAD,
    /** The steps themselves, waiting for clips included. */
    STEPS,
    /** Copying what the workers contribute, adding it up and offering it. */
    CONTRIBUTE,
    /** Waiting for what others contributed. */
    FETCH,
    /** Computing the next version of the slices. */
    UPDATE
  }

  /** Seconds of the whole task. */
  double total() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Seconds of a phase; 0 if the task has none of it. */
  double of(Phase phase) {
    return seconds.getOrDefault(phase, 0.0);
  }

  /** Divides the time of one task, on one thread, into its phases. */
  static final class Clock {
    private final Map<Phase, Double> seconds = new EnumMap<>(Phase.class);
    private long last = System.nanoTime();

    /** Ends a phase, which has gone on since the last one ended; returns its seconds. */
    double end(Phase phase) {
      long now = System.nanoTime();
      double passed = (now - last) / 1e9;
      last = now;
      seconds.merge(phase, passed, Double::sum);
      return passed;
    }

    /** The phases so far, with what has been received. */
    TaskPhases phases(Exchange exchange) {
      return new TaskPhases(new EnumMap<>(seconds), exchange.takeReceived());
    }
  }
}
