package vivit.spark.input;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.dataprep.config.Refusal;

/**
 * Batches that several threads prepare ahead of their use, item by item; batches are delivered in
 * the order of the orders.
 *
 * <p>Any thread may prepare an item, directly into its place in the batch's memory; the result must
 * not depend on the thread. {@link ReadAhead} limits the number of batches in memory. A failure is
 * thrown in place of its batch. For a single consumer.
 *
 * @param <J> the order for an item
 * @param <R> the result of an item in addition to its tokens
 */
public final class PreparedBatches<J, R> implements AutoCloseable {
  private final ReadAhead ahead;
  private final int clipsPerItem;
  private final Deque<List<J>> orders = new ArrayDeque<>();
  private final Deque<Filling<J, R>> begun = new ArrayDeque<>();
  private Optional<TokenBuffer> inUse = Optional.empty();
  private int running;
  private boolean closed;
  private long waitedNanos;

  /** The work of a thread on an item; each thread has its own. */
  public interface ItemPreparation<J, R> {
    /**
     * Prepares an item.
     *
     * @param room for the item's tokens, to be filled completely
     */
    R prepare(J item, FloatBuffer room) throws IOException;
  }

  /**
   * A batch.
   *
   * @param tokens {@code [b, n, v]}, row-major; the consumer may change them until it takes the
   *     next batch, which reuses their memory
   * @param results one per item, in order
   */
  public record PreparedBatch<R>(INDArray tokens, List<R> results) {}

  /**
   * A batch in preparation; guarded by the monitor of the batches, except for the memory of an
   * item.
   */
  private static final class Filling<J, R> {
    final List<J> items;
    final TokenBuffer buffer;
    final List<R> results;
    int started;
    int unfinished;
    int failedItem = Integer.MAX_VALUE;
    Throwable failure;

    Filling(List<J> items, TokenBuffer buffer) {
      this.items = items;
      this.buffer = buffer;
      this.results = new ArrayList<>(Collections.nCopies(items.size(), null));
      this.unfinished = items.size();
    }
  }

  /** An item claimed by a thread. */
  private record Claim<J, R>(Filling<J, R> filling, int item) {}

  /**
   * Starts the threads, which wait for orders.
   *
   * @param ahead reserved for these batches until they are closed
   * @param clipsPerItem number of clips whose tokens make an item
   * @param preparations creates one for each thread
   */
  public PreparedBatches(
      ReadAhead ahead,
      int clipsPerItem,
      Supplier<? extends ItemPreparation<? super J, ? extends R>> preparations) {
    this.ahead = ahead;
    this.clipsPerItem = clipsPerItem;
    List<ItemPreparation<? super J, ? extends R>> all = new ArrayList<>();
    for (int i = 0; i < ahead.threads(); i++) {
      all.add(preparations.get());
    }
    this.running = all.size();
    all.forEach(preparation -> ahead.start(() -> run(preparation)));
  }

  /** Orders one more batch: its items in order, at least one. */
  public synchronized void order(List<? extends J> items) {
    orders.add(List.copyOf(items));
    notifyAll();
  }

  /** Seconds that {@link #next} has waited for batches so far. */
  public synchronized double waitedSeconds() {
    return waitedNanos / 1e9;
  }

  /** The next batch in order, waiting for it if necessary. */
  public synchronized PreparedBatch<R> next() throws IOException, InterruptedException {
    release();
    if (orders.isEmpty() && begun.isEmpty()) {
      throw new IllegalStateException("No batch was ordered");
    }
    long began = System.nanoTime();
    while (begun.isEmpty() || begun.peek().unfinished > 0) {
      wait();
    }
    waitedNanos += System.nanoTime() - began;
    Filling<J, R> filled = begun.remove();
    inUse = Optional.of(filled.buffer);
    refuse(filled.failure);
    return new PreparedBatch<>(
        filled.buffer.tokens(filled.items.size() * clipsPerItem),
        Collections.unmodifiableList(filled.results));
  }

  private static void refuse(Throwable failure) throws IOException {
    if (failure instanceof IOException unreadable) {
      throw new IOException(unreadable.getMessage(), unreadable);
    }
    if (failure instanceof Refusal refusal) {
      throw refusal;
    }
    if (failure != null) {
      throw new IllegalStateException("Cannot prepare the batch: " + failure.getMessage(), failure);
    }
  }

  private void release() {
    inUse.ifPresent(ahead::giveBack);
    inUse = Optional.empty();
    notifyAll();
  }

  private void run(ItemPreparation<? super J, ? extends R> preparation) {
    try {
      for (var claim = claim(); claim.isPresent(); claim = claim()) {
        prepare(preparation, claim.get());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      stopped();
    }
  }

  /** The next item to prepare, waiting for one; absent after closing. */
  private synchronized Optional<Claim<J, R>> claim() throws InterruptedException {
    while (!closed) {
      for (Filling<J, R> filling : begun) {
        if (filling.started < filling.items.size()) {
          return Optional.of(new Claim<>(filling, filling.started++));
        }
      }
      if (!begin()) {
        wait();
      }
    }
    return Optional.empty();
  }

  private boolean begin() {
    if (orders.isEmpty()) {
      return false;
    }
    Optional<TokenBuffer> buffer = ahead.lend(orders.peek().size() * clipsPerItem);
    buffer.ifPresent(room -> begun.add(new Filling<>(orders.remove(), room)));
    return buffer.isPresent();
  }

  private void prepare(ItemPreparation<? super J, ? extends R> preparation, Claim<J, R> claim) {
    Filling<J, R> filling = claim.filling();
    R result = null;
    Throwable failure = null;
    try {
      FloatBuffer room = filling.buffer.clips(claim.item() * clipsPerItem, clipsPerItem);
      result = preparation.prepare(filling.items.get(claim.item()), room);
    } catch (Throwable thrown) { // any failure must reach the consumer
      failure = thrown;
    }
    finish(claim, result, failure);
  }

  private synchronized void finish(Claim<J, R> claim, R result, Throwable failure) {
    Filling<J, R> filling = claim.filling();
    filling.results.set(claim.item(), result);
    if (failure != null && claim.item() < filling.failedItem) {
      filling.failedItem = claim.item();
      filling.failure = failure;
    }
    if (--filling.unfinished == 0) {
      notifyAll();
    }
  }

  private synchronized void stopped() {
    running--;
    notifyAll();
  }

  /** Waits until every thread has finished its item; returns all memory. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    boolean interrupted = false;
    while (running > 0) {
      try {
        wait();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    release();
    begun.forEach(filling -> ahead.giveBack(filling.buffer));
    begun.clear();
    orders.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
