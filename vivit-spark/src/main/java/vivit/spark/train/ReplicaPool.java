package vivit.spark.train;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The idle replicas of this JVM. They belong to one run: asking for another run's closes them.
 * There are never more than tasks have run side by side.
 */
final class ReplicaPool {
  private static final Deque<Replica> IDLE = new ArrayDeque<>();
  private static String run = "";

  private ReplicaPool() {}

  /**
   * An idle replica of the run, if possible one that has read ahead for this work, or a new one.
   *
   * @param cpus cores of the task
   */
  static Replica take(RunSetup setup, RoundWork work, int cpus) {
    synchronized (IDLE) {
      if (!run.equals(setup.run())) {
        closeAll();
        run = setup.run();
      }
      for (Replica idle : IDLE) {
        if (idle.isAheadFor(work)) {
          IDLE.remove(idle);
          return idle;
        }
      }
      Replica idle = IDLE.poll();
      if (idle != null) {
        return idle;
      }
    }
    return Replica.open(setup, cpus);
  }

  /** Gives a replica back after a round that went well; others are closed instead. */
  static void put(Replica replica) {
    synchronized (IDLE) {
      if (run.equals(replica.setup().run())) {
        IDLE.push(replica);
        return;
      }
    }
    replica.close();
  }

  /** Closes this JVM's idle replicas of a run that is over. */
  static void end(String finished) {
    synchronized (IDLE) {
      if (run.equals(finished)) {
        closeAll();
        run = "";
      }
    }
  }

  private static void closeAll() {
    for (Replica replica = IDLE.poll(); replica != null; replica = IDLE.poll()) {
      replica.close();
    }
  }
}
