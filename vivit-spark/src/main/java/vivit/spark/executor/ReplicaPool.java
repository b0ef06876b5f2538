package vivit.spark.executor;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * The idle replicas of this JVM: networks with their buffers and threads. They belong to one run or
 * evaluation, their owner; taking a replica for another owner closes them. Their number is at most
 * the largest number of tasks that ran at the same time.
 */
public final class ReplicaPool {
  private static final Deque<Pooled> IDLE = new ArrayDeque<>();
  private static String owner = "";

  private ReplicaPool() {}

  /** A replica; used by one task at a time. */
  public interface Pooled extends AutoCloseable {
    @Override
    void close();
  }

  /** Opens a new replica. */
  @FunctionalInterface
  public interface Opening<R> {
    /** Builds the network and opens its inputs. */
    R open() throws IOException;
  }

  /**
   * Takes an idle replica of the owner, or opens a new one.
   *
   * @param type class of all replicas of this owner
   * @param preferred replicas to take first
   */
  public static <R extends Pooled> R take(
      String borrower, Class<R> type, Predicate<R> preferred, Opening<R> opening)
      throws IOException {
    synchronized (IDLE) {
      if (!owner.equals(borrower)) {
        closeAll();
        owner = borrower;
      }
      for (Iterator<Pooled> idle = IDLE.iterator(); idle.hasNext(); ) {
        R replica = type.cast(idle.next());
        if (preferred.test(replica)) {
          idle.remove();
          return replica;
        }
      }
      if (!IDLE.isEmpty()) {
        return type.cast(IDLE.poll());
      }
    }
    return opening.open();
  }

  /** Returns a replica; closes it if the pool has another owner by now. */
  public static void put(String giver, Pooled replica) {
    synchronized (IDLE) {
      if (owner.equals(giver)) {
        IDLE.push(replica);
        return;
      }
    }
    replica.close();
  }

  /** Closes the idle replicas of a run or evaluation that has ended. */
  public static void end(String ended) {
    synchronized (IDLE) {
      if (owner.equals(ended)) {
        closeAll();
        owner = "";
      }
    }
  }

  private static void closeAll() {
    IDLE.forEach(Pooled::close);
    IDLE.clear();
  }
}
