package vivit.spark.input;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.ClipBuffer;
import vivit.spark.input.PreparedBatches.PreparedBatch;

/**
 * The batches that one worker trains on, read, augmented and normalised ahead of training.
 *
 * <p>Steps without clips are skipped. A clip is read once for all its repeats. A batch depends on
 * (seed, epoch, clip, use) and the step's values only, not on the number of threads. Clips read
 * ahead for the next round are kept if that round asks for them. A failed read is thrown in place
 * of its batch. For a single consumer.
 */
public final class ClipBatches implements AutoCloseable {
  private final ClipReader source;
  private final Supplier<ClipAugmenter> augmenters;
  private final ReadAhead ahead;
  private final int repeats;
  private final LongAdder readNanos = new LongAdder();
  private final LongAdder augmentNanos = new LongAdder();
  private final LongAdder prepared = new LongAdder();

  /** Ordered steps whose batches have not been taken. */
  private final Deque<StepOrder> pending = new ArrayDeque<>();

  private PreparedBatches<ClipJob, PreparedClip> batches;
  private int remaining;
  private double waitedBefore;

  /**
   * The clips of one worker's step as tokens.
   *
   * @param order the step they were read for
   * @param tokens {@code [b, n, v]}, row-major, all repeats of a clip in a row; the consumer may
   *     change them; valid until the next batch is taken
   * @param labels classes of each row after augmentation
   * @param ids of the rows' clips, in order
   * @param swapped ids of the rows whose classes are the opposites of the stored ones
   */
  public record TokenBatch(
      StepOrder order,
      INDArray tokens,
      List<ClipLabels> labels,
      List<String> ids,
      List<String> swapped) {

    /** Clips in the batch, with all repeats. */
    public int clips() {
      return labels.size();
    }
  }

  /** A clip whose rows in the batch begin at {@code firstRow}. */
  private record ClipJob(int firstRow, StepOrder order) {}

  private record PreparedClip(String id, ClipLabels stored, List<ClipLabels> augmented) {}

  /**
   * Creates batches; reading starts with the first round.
   *
   * @param source read by the threads of {@code ahead} until the batches are closed
   * @param augmenters creates one augmenter per thread
   * @param ahead reserved for these batches until they are closed
   * @param repeats rows of a batch that every clip is augmented for
   */
  public ClipBatches(
      ClipReader source, Supplier<ClipAugmenter> augmenters, ReadAhead ahead, int repeats) {
    this.source = source;
    this.augmenters = augmenters;
    this.ahead = ahead;
    this.repeats = repeats;
    this.batches = started();
  }

  private PreparedBatches<ClipJob, PreparedClip> started() {
    return new PreparedBatches<>(
        ahead,
        repeats,
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
    StepOrder order = job.order();
    Clip clip = source.read(order.use(job.firstRow(), repeats).clip(), memory);
    long read = System.nanoTime();
    List<ClipLabels> labels = new ArrayList<>();
    for (int row = job.firstRow(); row < job.firstRow() + repeats; row++) {
      labels.add(augmenter.write(clip, order.use(row, repeats), order.values(), room));
    }
    readNanos.add(read - began);
    augmentNanos.add(System.nanoTime() - read);
    prepared.increment();
    return new PreparedClip(clip.clipId(), clip.labels(), labels);
  }

  /**
   * Begins a round.
   *
   * @param orders its steps
   * @param later the first steps of the round that is likely to be next; read as soon as all clips
   *     of this round have been read
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
          IntStream.range(0, order.piece().clips().length)
              .mapToObj(clip -> new ClipJob(clip * repeats, order))
              .toList());
    }
  }

  /** Whether clips that have been read ahead belong to the first of these steps. */
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

  /** The round's next batch, waiting for it if necessary; the previous batch becomes invalid. */
  public TokenBatch next() throws IOException, InterruptedException {
    remaining--;
    StepOrder order = pending.remove();
    PreparedBatch<PreparedClip> batch = batches.next();
    List<ClipLabels> labels = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<String> swapped = new ArrayList<>();
    for (PreparedClip clip : batch.results()) {
      for (ClipLabels augmented : clip.augmented()) {
        labels.add(augmented);
        ids.add(clip.id());
        if (!augmented.equals(clip.stored())) {
          swapped.add(clip.id());
        }
      }
    }
    return new TokenBatch(order, batch.tokens(), labels, ids, swapped);
  }

  /** Seconds that {@link #next} has waited for batches so far. */
  public double waitedSeconds() {
    return waitedBefore + batches.waitedSeconds();
  }

  /** Mean seconds per clip that a thread has spent reading it from its shard. */
  public double readSecondsPerClip() {
    return readNanos.sum() / 1e9 / prepared.sum();
  }

  /** Mean seconds per clip that a thread has spent converting it to tokens, with all repeats. */
  public double augmentSecondsPerClip() {
    return augmentNanos.sum() / 1e9 / prepared.sum();
  }

  /** Stops reading and waits until the threads no longer use the source. */
  @Override
  public void close() {
    batches.close();
  }
}
