package vivit.spark.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ContextCleaner;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import scala.Option;
import scala.Tuple2;
import vivit.spark.train.RoundPart.Averaged;
import vivit.spark.train.RoundPart.Contribution;

/**
 * Averages the vectors of the workers, weighted by the clips that each trained on.
 *
 * <p>Every slice is summed in double by one task of Spark's shuffle, in the order of the workers;
 * no node holds all vectors, and the result does not depend on the order of arrival. The average of
 * a single worker equals its own values to the bit.
 */
public final class WeightedAverage {
  private static final int SHORTEST_SLICE = 1 << 16;
  private static final int LONGEST_SLICE = 1 << 21;

  private WeightedAverage() {}

  /**
   * Length of a slice of the flat vectors: one slice per worker, within 0.25 and 8 MiB of floats.
   * Affects the distribution of the sums over tasks, but no result.
   */
  public static int sliceLength(long values, int workers) {
    long share = (values + workers - 1) / workers;
    return (int) Math.max(SHORTEST_SLICE, Math.min(LONGEST_SLICE, share));
  }

  /**
   * Runs the job: one averaged part per slice, and all reports unchanged.
   *
   * <p>Deletes the files of the shuffle at once: Spark would wait for the driver's garbage
   * collector, and whereas each round writes 8 bytes per parameter and worker.
   *
   * @param parts keyed by slice; reports under any key
   */
  public static List<RoundPart> collect(JavaPairRDD<Integer, RoundPart> parts, int slices) {
    JavaPairRDD<Integer, RoundPart> bySlice = parts.partitionBy(new HashPartitioner(slices));
    try {
      return bySlice.mapPartitions(WeightedAverage::merge).collect();
    } finally {
      free(bySlice);
    }
  }

  private static void free(JavaPairRDD<Integer, RoundPart> shuffled) {
    Option<ContextCleaner> cleaner = shuffled.context().cleaner();
    if (cleaner.isDefined()
        && shuffled.rdd().dependencies().head() instanceof ShuffleDependency<?, ?, ?> shuffle) {
      cleaner.get().doCleanupShuffle(shuffle.shuffleId(), false);
    }
  }

  private static Iterator<RoundPart> merge(Iterator<Tuple2<Integer, RoundPart>> parts) {
    List<RoundPart> merged = new ArrayList<>();
    Map<Integer, List<Contribution>> contributions = new TreeMap<>();
    while (parts.hasNext()) {
      Tuple2<Integer, RoundPart> part = parts.next();
      if (part._2() instanceof Contribution contribution) {
        contributions.computeIfAbsent(part._1(), slice -> new ArrayList<>()).add(contribution);
      } else {
        merged.add(part._2());
      }
    }
    contributions.forEach((slice, all) -> merged.add(average(slice, all)));
    return merged.iterator();
  }

  /** The weighted mean of one slice; the order of {@code contributions} does not matter. */
  static Averaged average(int slice, List<Contribution> contributions) {
    List<Contribution> ordered = new ArrayList<>(contributions);
    ordered.sort(Comparator.comparingInt(contribution -> contribution.worker));
    long clips = ordered.stream().mapToLong(contribution -> contribution.clips).sum();
    if (clips < 1) {
      throw new IllegalArgumentException(
          "slice "
              + slice
              + " of "
              + ordered.size()
              + " workers without clips; nothing to average");
    }
    double[] parameters = new double[ordered.get(0).parameters.length];
    double[] momentum = new double[ordered.get(0).momentum.length];
    for (Contribution contribution : ordered) {
      add(parameters, contribution.parameters, contribution.clips);
      add(momentum, contribution.momentum, contribution.clips);
    }
    return new Averaged(slice, divide(parameters, clips), divide(momentum, clips));
  }

  private static void add(double[] sum, float[] values, long weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (double) values[i] * weight;
    }
  }

  private static float[] divide(double[] sum, long weight) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      mean[i] = (float) (sum[i] / weight);
    }
    return mean;
  }
}
