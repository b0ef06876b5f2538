package vivit.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardSet;
import vivit.spark.config.TrainingSettings;
import vivit.spark.input.ClipAugmenter;
import vivit.spark.input.ClipBatches;
import vivit.spark.input.ClipSource;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.EpochPlan;
import vivit.spark.input.Mirroring;
import vivit.spark.input.ReadAhead;
import vivit.spark.input.StepOrder;

/**
 * Measures reading, augmenting and normalising the clips of a training run as a worker does,
 * without training.
 */
public final class InputBench {

  private InputBench() {}

  /** Measures batches of the settings' size in the order of a run, from its first epoch on. */
  public static InputReport measure(BenchSettings settings, ShardSet shards)
      throws IOException, InterruptedException {
    TrainingSettings training = settings.training();
    ClipTokens tokens = new ClipTokens(settings.model());
    Mirroring mirroring =
        new Mirroring(training.augmentation().flipDirection(), shards.manifest().heads());
    Supplier<ClipAugmenter> augmenters =
        () -> new ClipAugmenter(tokens, training.augmentation(), mirroring, training.seed());
    int warmup = 0;
    double read;
    double augmented;
    List<Double> seconds = new ArrayList<>();
    try (ClipSource source = new ClipSource(shards);
        ReadAhead ahead = new ReadAhead(tokens.shape(), settings.threads());
        ClipBatches batches = new ClipBatches(source, augmenters, ahead, 1)) {
      batches.begin(orders(settings, source.clips()), List.of());
      long start = System.nanoTime();
      while (settings.warmup().more(warmup, since(start))) {
        batches.next();
        warmup++;
      }
      start = System.nanoTime();
      long last = start;
      while (settings.steps().more(seconds.size(), since(start))) {
        batches.next();
        seconds.add(since(last));
        last = System.nanoTime();
      }
      read = batches.readSecondsPerClip();
      augmented = batches.augmentSecondsPerClip();
    }
    return report(settings, shards, warmup, Spread.of(seconds), 1e3 * read, 1e3 * augmented);
  }

  private static InputReport report(
      BenchSettings settings,
      ShardSet shards,
      int warmup,
      Spread seconds,
      double readMilliseconds,
      double augmentMilliseconds) {
    double clips = settings.batch() / seconds.median();
    long bytes = shards.manifest().shards().stream().mapToLong(ShardFile::bytes).sum();
    return new InputReport(
        shards.folder().toString(),
        shards.clips(),
        settings.batch(),
        settings.threads(),
        warmup,
        seconds,
        clips,
        clips * bytes / shards.clips() / 1e6,
        1e3 / clips,
        readMilliseconds,
        augmentMilliseconds);
  }

  /**
   * The orders for the largest number of steps that may be needed, epoch after epoch, for one
   * worker.
   */
  private static List<StepOrder> orders(BenchSettings settings, int clips) {
    TrainingSettings training = settings.training();
    int batch = Math.min(settings.batch(), clips);
    EpochPlan.PlanKey key = new EpochPlan.PlanKey(training.seed(), clips / batch * batch, batch, 1);
    int steps = settings.warmup().most() + settings.steps().most();
    List<StepOrder> orders = new ArrayList<>();
    for (int epoch = 0; orders.size() < steps; epoch++) {
      EpochPlan plan = EpochPlan.of(key, epoch);
      for (int step = 0; step < plan.steps(); step++) {
        long number = orders.size();
        orders.add(
            new StepOrder(
                number, epoch, plan.pieces(step, 1).get(0), training.values(number, plan.steps())));
      }
    }
    return orders;
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
