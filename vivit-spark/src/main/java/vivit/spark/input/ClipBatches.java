package vivit.spark.input;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.ClipBuffer;
import vivit.spark.input.PreparedBatches.PreparedBatch;

/**
 * The batches that one worker trains on, read, augmented and normalised ahead of training.
 *
 * <p>Steps without clips are passed over. A batch depends on (seed, epoch, clip) and the step's
 * values only, not on the number of threads. What is read ahead for a round that has not begun is
 * kept if the round turns out to be that one. A failed read surfaces where its batch would have
 * been. For one consumer.
 */
public final class ClipBatches implements AutoCloseable {
  private final ClipSource source;
  private final Supplier<ClipAugmenter> augmenters;
  private final ReadAhead ahead;
  private final LongAdder readNanos = new LongAdder();
  private final LongAdder augmentNanos = new LongAdder();
  private final LongAdder prepared = new LongAdder();

  /** Ordered and not yet taken. */
  private final Deque<StepOrder> pending = new ArrayDeque<>();

  private PreparedBatches<ClipJob, PreparedClip> batches;
  private int remaining;
  private double waitedBefore;

  private record ClipJob(int position, StepOrder order) {}

  private record PreparedClip(String id, ClipLabels stored, ClipLabels augmented) {}

  /**
   * Nothing is read before something is expected.
   *
   * @param source read until this is closed, by the threads of {@code ahead}
   * @param augmenters makes one for each of these threads
   * @param ahead used by nobody else until this is closed
   */
  public ClipBatches(ClipSource source, Supplier<ClipAugmenter> augmenters, ReadAhead ahead) {
    this.source = source;
    this.augmenters = augmenters;
    this.ahead = ahead;
    this.batches = started();
  }

  private PreparedBatches<ClipJob, PreparedClip> started() {
    return new PreparedBatches<>(
        ahead,
        1,
        () -> {
          ClipAugmenter augmenter = augmenters.get();
          ClipBuffer memory = new ClipBuffer();
          return (job, room) -> prepare(augmenter, memory, job, room);
        });
  }

  private PreparedClip prepare(
      ClipAugmenter augmenter, ClipBuffer memory, ClipJob job, FloatBuffer room)
      throws IOException {
    long began = System.nanoTime();
    Clip clip = source.read(job.position(), memory);
    long read = System.nanoTime();
    StepOrder order = job.order();
    ClipLabels labels = augmenter.write(clip, job.position(), order.epoch(), order.values(), room);
    readNanos.add(read - began);
    augmentNanos.add(System.nanoTime() - read);
    prepared.increment();
    return new PreparedClip(clip.clipId(), clip.labels(), labels);
  }

  /**
   * Begins a round.
   *
   * @param orders its steps
   * @param later the first steps of the round that is likely to be next; read as soon as there is
   *     nothing left to read for this one
   */
  public void begin(List<StepOrder> orders, List<StepOrder> later) {
    List<StepOrder> wanted = withClips(orders);
    remaining = wanted.size();
    wanted.addAll(withClips(later));
    if (!startsWithPending(wanted)) {
      waitedBefore = waitedSeconds();
      batches.close();
      pending.clear();
      batches = started();
    }
    for (StepOrder order : wanted.subList(pending.size(), wanted.size())) {
      pending.add(order);
      batches.order(
          Arrays.stream(order.piece().clips()).mapToObj(clip -> new ClipJob(clip, order)).toList());
    }
  }

  /** Whether what has been read ahead, if only in part, is how these steps begin. */
  public boolean isAheadFor(List<StepOrder> orders) {
    List<StepOrder> wanted = withClips(orders);
    return !pending.isEmpty() && !wanted.isEmpty() && pending.peek().equals(wanted.get(0));
  }

  private boolean startsWithPending(List<StepOrder> wanted) {
    Iterator<StepOrder> first = wanted.iterator();
    return pending.stream().allMatch(order -> first.hasNext() && order.equals(first.next()));
  }

  private static List<StepOrder> withClips(List<StepOrder> orders) {
    List<StepOrder> some = new ArrayList<>(orders);
    some.removeIf(order -> order.piece().clips().length == 0);
    return some;
  }

  /** Whether the round has another batch. */
  public boolean hasNext() {
    return remaining > 0;
  }

  /** The round's next batch, waiting for it if need be; the one before it is no longer valid. */
  public TokenBatch next() throws InterruptedException {
    remaining--;
    StepOrder order = pending.remove();
    PreparedBatch<PreparedClip> batch = batches.next();
    List<ClipLabels> labels = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<String> swapped = new ArrayList<>();
    for (PreparedClip clip : batch.results()) {
      labels.add(clip.augmented());
      ids.add(clip.id());
      if (!clip.augmented().equals(clip.stored())) {
        swapped.add(clip.id());
      }
    }
    return new TokenBatch(order, batch.tokens(), labels, ids, swapped);
  }

  /** Seconds that {@link #next} has waited for batches so far. */
  public double waitedSeconds() {
    return waitedBefore + batches.waitedSeconds();
  }

  /** Seconds of a thread, on average so far, to read a clip from its shard. */
  public double readSecondsPerClip() {
    return readNanos.sum() / 1e9 / prepared.sum();
  }

  /** Seconds of a thread, on average so far, to turn a stored clip into tokens. */
  public double augmentSecondsPerClip() {
    return augmentNanos.sum() / 1e9 / prepared.sum();
  }

  /** Stops reading and waits until the threads have let go of the source. */
  @Override
  public void close() {
    batches.close();
  }
}
