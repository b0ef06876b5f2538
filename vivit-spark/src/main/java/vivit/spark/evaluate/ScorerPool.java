package vivit.spark.evaluate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * The idle networks of this JVM. They belong to one evaluation: asking for another's closes them.
 * There are never more than tasks have run side by side.
 */
final class ScorerPool {
  private static final Deque<ClipScorer> IDLE = new ArrayDeque<>();
  private static String key = "";

  private ScorerPool() {}

  /** An idle network of the evaluation, or a new one. */
  static ClipScorer take(ScoringSetup setup) {
    synchronized (IDLE) {
      if (!key.equals(setup.key())) {
        closeAll();
        key = setup.key();
      }
      ClipScorer idle = IDLE.poll();
      if (idle != null) {
        return idle;
      }
    }
    List<float[]> slices = setup.slices().stream().map(Broadcast::value).toList();
    return new ClipScorer(setup.model().config(), slices, setup.sliceLength());
  }

  /** Gives a network back. */
  static void put(String evaluation, ClipScorer scorer) {
    synchronized (IDLE) {
      if (key.equals(evaluation)) {
        IDLE.push(scorer);
        return;
      }
    }
    scorer.close();
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
    for (ClipScorer idle = IDLE.poll(); idle != null; idle = IDLE.poll()) {
      idle.close();
    }
  }
}
