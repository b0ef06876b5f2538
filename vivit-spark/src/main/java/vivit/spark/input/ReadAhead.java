package vivit.spark.input;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;
import vivit.spark.input.TokenBuffer.TokenShape;

/**
 * The threads that prepare clips ahead of a network, and the memory that they write to; a worker
 * keeps them as long as its network.
 *
 * <p>Use as many threads as the worker has cores. The network computes in step on all its cores and
 * is as fast as the slowest core, so preparation should take the same share of each; a single
 * thread would slow one core and make the rest wait. The threads sleep while all buffers are full.
 */
public final class ReadAhead implements AutoCloseable {
  /** Number of batches in memory: one in the network, the rest waiting or being prepared. */
  public static final int BUFFERS = 3;

  /** Divisor of the tensors' memory: a quarter of it is for input. */
  private static final long SHARE = 4;

  private final TokenShape shape;
  private final int threads;
  private final long most = Pointer.maxBytes() > 0 ? Pointer.maxBytes() / SHARE : Long.MAX_VALUE;
  private final ExecutorService executor;
  private final Deque<TokenBuffer> idle = new ArrayDeque<>();
  private int lent;
  private long lentBytes;

  /**
   * Creates the threads' pool; no thread starts yet.
   *
   * @param shape of the tokens of a clip
   * @param threads at least one
   */
  public ReadAhead(TokenShape shape, int threads) {
    this.shape = shape;
    this.threads = threads;
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "clip-reader");
              thread.setDaemon(true);
              return thread;
            });
  }

  int threads() {
    return threads;
  }

  void start(Runnable work) {
    executor.execute(work);
  }

  /**
   * Lends memory for {@code clips} clips; empty while {@link #BUFFERS} buffers are lent, or while
   * another one would take too much memory.
   */
  synchronized Optional<TokenBuffer> lend(int clips) {
    long bytes = (long) clips * shape.clipValues() * Float.BYTES;
    if (lent == BUFFERS || (lent > 0 && lentBytes + bytes > most)) {
      return Optional.empty();
    }
    TokenBuffer buffer = idle.poll();
    if (buffer != null && buffer.capacity() < clips) {
      buffer.close();
      buffer = null;
    }
    if (buffer == null) {
      buffer = new TokenBuffer(shape, clips);
    }
    lent++;
    lentBytes += buffer.bytes();
    return Optional.of(buffer);
  }

  /** Takes back memory that was lent. */
  synchronized void giveBack(TokenBuffer buffer) {
    lent--;
    lentBytes -= buffer.bytes();
    idle.push(buffer);
  }

  /** Ends the threads and frees the memory; the users of both must be closed before. */
  @Override
  public void close() {
    executor.shutdownNow();
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    idle.forEach(TokenBuffer::close);
    idle.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
