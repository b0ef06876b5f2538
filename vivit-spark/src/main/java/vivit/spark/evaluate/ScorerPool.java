package vivit.spark.evaluate;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The idle networks of this JVM. They belong to one evaluation: asking for another's closes them.
 * There are never more than tasks have run side by side.
 */
final class ScorerPool {
  private static final Deque<ScoringReplica> IDLE = new ArrayDeque<>();
  private static String key = "";

  private ScorerPool() {}

  /** An idle network of the evaluation, or a new one for a task of so many cores. */
  static ScoringReplica take(ScoringSetup setup, int cpus) {
    synchronized (IDLE) {
      if (!key.equals(setup.key())) {
        closeAll();
        key = setup.key();
      }
      ScoringReplica idle = IDLE.poll();
      if (idle != null) {
        return idle;
      }
    }
    return ScoringReplica.open(setup, cpus);
  }

  /** Gives a network back. */
  static void put(String evaluation, ScoringReplica replica) {
    synchronized (IDLE) {
      if (key.equals(evaluation)) {
        IDLE.push(replica);
        return;
      }
    }
    replica.close();
  }

  /** Closes this JVM's idle networks of an evaluation that is over. */
  static void end(String evaluation) {
    synchronized (IDLE) {
      if (key.equals(evaluation)) {
        closeAll();
        key = "";
      }
    }
  }

  private static void closeAll() {
    for (ScoringReplica idle = IDLE.poll(); idle != null; idle = IDLE.poll()) {
      idle.close();
    }
  }
}
