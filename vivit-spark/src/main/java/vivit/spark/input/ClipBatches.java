package vivit.spark.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.source.ClipLabels;

/**
 * The batches of one worker's round, read, augmented and normalised ahead of training by one
 * thread.
 *
 * <p>At most {@link #AHEAD} batches wait. Steps without clips are passed over. A batch depends on
 * (seed, epoch, clip) and the step's values only. A failed read surfaces where its batch would have
 * been.
 */
public final class ClipBatches implements AutoCloseable {
  /** Batches that may wait for training. */
  public static final int AHEAD = 2;

  private final ClipSource source;
  private final ClipAugmenter augmenter;
  private final int batches;
  private final BlockingQueue<Future<TokenBatch>> ready = new ArrayBlockingQueue<>(AHEAD);
  private final Future<?> reading;
  private int taken;

  /**
   * Starts reading.
   *
   * @param source read by the reading thread only, until this is closed
   * @param augmenter the same
   * @param orders the worker's steps
   * @param reader a thread of its own
   */
  public ClipBatches(
      ClipSource source, ClipAugmenter augmenter, List<StepOrder> orders, ExecutorService reader) {
    this.source = source;
    this.augmenter = augmenter;
    List<StepOrder> withClips =
        orders.stream().filter(order -> order.piece().clips().length > 0).toList();
    this.batches = withClips.size();
    this.reading = reader.submit(() -> read(withClips.iterator()));
  }

  private Void read(Iterator<StepOrder> orders) throws InterruptedException {
    while (orders.hasNext()) {
      StepOrder order = orders.next();
      FutureTask<TokenBatch> batch = new FutureTask<>(() -> batch(order));
      batch.run();
      ready.put(batch);
    }
    return null;
  }

  private TokenBatch batch(StepOrder order) throws IOException {
    int[] clips = order.piece().clips();
    float[] values = new float[Math.multiplyExact(clips.length, augmenter.values())];
    List<ClipLabels> labels = new ArrayList<>(clips.length);
    List<String> ids = new ArrayList<>(clips.length);
    List<String> swapped = new ArrayList<>();
    for (int i = 0; i < clips.length; i++) {
      StoredClip clip = source.read(clips[i]);
      ClipLabels augmented =
          augmenter.write(
              clip, clips[i], order.epoch(), order.values(), values, i * augmenter.values());
      labels.add(augmented);
      ids.add(clip.clipId());
      if (!augmented.equals(clip.labels())) {
        swapped.add(clip.clipId());
      }
    }
    return new TokenBatch(order, values, labels, ids, swapped);
  }

  /** Whether {@link #next()} has another batch. */
  public boolean hasNext() {
    return taken < batches;
  }

  /** The next batch, waiting for it if need be. */
  public TokenBatch next() throws InterruptedException {
    taken++;
    try {
      return ready.take().get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
      throw new IllegalStateException(
          "Cannot prepare the batch: " + failed.getCause().getMessage(), failed.getCause());
    }
  }

  /** Stops reading and waits until the reading thread has let go of the source. */
  @Override
  public void close() {
    reading.cancel(true);
  }
}
