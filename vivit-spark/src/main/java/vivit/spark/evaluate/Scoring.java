package vivit.spark.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.ModelDescription;
import vivit.spark.evaluate.VideoScore.ViewLogits;

/**
 * The scoring of clips with a model, sent with every task: each clip and crop once, anywhere on the
 * cluster, logits averaged per video. Equal to the bit on any partitioning.
 *
 * @param name of this scoring; the owner of replicas in executors
 * @param model its configuration
 * @param parameters the flat parameters
 * @param shards folder of the shard set
 * @param conf Hadoop configuration to open it with
 * @param clips which clips of the set, and how they share batches
 * @param crops crops of every clip
 */
public record Scoring(
    String name,
    ModelDescription model,
    Parameters parameters,
    String shards,
    SerializableConfiguration conf,
    ClipBatching clips,
    int crops)
    implements Serializable {
  private static final int BATCHES_PER_TASK = 4;

  /** Where an executor takes the parameters from. */
  @FunctionalInterface
  public interface Parameters extends Serializable {
    /** Overwrites the flat parameters of a network. */
    void copyTo(INDArray flat) throws IOException;
  }

  /**
   * The clips to score, by their positions in the shard set, in batches of consecutive ones: what
   * is scored together depends on nothing else.
   *
   * @param count number of clips
   * @param chosen their positions, ascending; empty for the first {@code count} of the set
   * @param perBatch clips that go through the network together, with all their crops
   */
  public record ClipBatching(int count, int[] chosen, int perBatch) implements Serializable {

    /** All clips of a set. */
    public static ClipBatching all(long clips, int perBatch) {
      return new ClipBatching(Math.toIntExact(clips), new int[0], perBatch);
    }

    /** Some clips of a set. */
    public static ClipBatching of(int[] chosen, int perBatch) {
      return new ClipBatching(chosen.length, chosen, perBatch);
    }

    /** Number of batches. */
    int batches() {
      return Math.toIntExact(((long) count + perBatch - 1) / perBatch);
    }

    /** Positions of the clips of a batch. */
    List<Integer> batch(int number) {
      int first = number * perBatch;
      int end = Math.min(first + perBatch, count);
      return IntStream.range(first, end)
          .map(i -> chosen.length == 0 ? i : chosen[i])
          .boxed()
          .toList();
    }
  }

  /** Clips of a batch of so many views, with all their crops; at least one. */
  public static int clipsPerBatch(int views, int crops) {
    return Math.max(1, views / crops);
  }

  /** Scores all clips and averages per video; the videos are sorted by their ids. */
  public List<VideoScore> run(JavaSparkContext spark) {
    return run(spark, spark.sc().longAccumulator(), partitions(spark));
  }

  /**
   * Scores all clips with a given number of partitions, which affects only the speed.
   *
   * @param scored counts the clips
   */
  List<VideoScore> run(JavaSparkContext spark, LongAccumulator scored, int partitions) {
    List<Integer> batches = IntStream.range(0, clips.batches()).boxed().toList();
    List<VideoScore> sorted =
        new ArrayList<>(
            spark
                .parallelize(batches, partitions)
                .mapPartitionsToPair(new ScoringTask(this, scored))
                .groupByKey(partitions)
                .mapValues(Scoring::average)
                .values()
                .collect());
    sorted.sort(Comparator.comparing(VideoScore::video));
    return sorted;
  }

  /** Enough partitions for all cores, of a few batches each. */
  int partitions(JavaSparkContext spark) {
    int batches = clips.batches();
    int parallelism = Math.max(1, spark.defaultParallelism());
    int wanted = Math.max(parallelism, (batches + BATCHES_PER_TASK - 1) / BATCHES_PER_TASK);
    return Math.max(1, Math.min(batches, wanted));
  }

  private static VideoScore average(Iterable<ViewLogits> views) {
    List<ViewLogits> list = new ArrayList<>();
    views.forEach(list::add);
    return VideoScore.average(list);
  }
}
