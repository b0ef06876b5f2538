package vivit.spark;

import java.util.List;
import java.util.Locale;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.model.ViViTConfig;
import vivit.model.describe.ModelSummary;
import vivit.model.describe.WorkerMemory;
import vivit.model.engine.Threads;
import vivit.model.network.Backbone.Recompute;
import vivit.spark.config.ModelSettings;
import vivit.spark.config.StatedHeads;
import vivit.spark.config.TrainingSettings;
import vivit.spark.config.UpdateRules;

/** Prints the cost of a model; needs neither data nor Spark. */
public final class Describe {
  private static final int MOST_CLIPS = 1_000_000;
  private static final Command COMMAND =
      new Command(
          """
          vivit describe [config] [key=value ...]

          Prints the layers of a model with their parameters and multiply-adds (half the
          floating-point operations), the memory of its activations per clip with and without
          recomputing, the size of one averaging round, and the native memory of a worker that
          trains train.micro-batch or else its share of train.batch-size clips at once.
          """,
          List.of("describe", "model"));

  private Describe() {}

  /** {@code [config] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, () -> System.out.print(text(args)));
  }

  /** Formats the text to print. */
  static String text(String... args) {
    StrictConfig config = StrictConfig.load(args);
    Section train = config.section("train");
    int batch = train.integer("batch-size", 1, MOST_CLIPS);
    int microBatch = train.integer("micro-batch", 0, MOST_CLIPS);
    int workers =
        train.optionalText("workers").isPresent()
            ? train.integer("workers", 1, MOST_CLIPS)
            : TrainingSettings.defaultWorkers(batch);
    int states = UpdateRules.read(train).states().size();
    ViViTConfig model = model(config);
    int share = (batch + workers - 1) / workers;
    int clips = microBatch == 0 ? share : Math.min(microBatch, share);
    int vectors = states - 1 + (clips < share ? 1 : 0);
    return ModelSummary.of(model).text()
        + String.format(
            Locale.ROOT,
            "one worker, %d clips: %.1f MB (%.1f MB recomputing)%n",
            clips,
            megabytes(model, clips, vectors, Recompute.NOTHING),
            megabytes(model, clips, vectors, Recompute.BLOCKS));
  }

  /**
   * Memory of a worker that trains {@code clips} at once.
   *
   * @param vectors as long as the parameters, beyond those of momentum SGD with one micro-batch
   */
  private static double megabytes(ViViTConfig model, int clips, int vectors, Recompute recompute) {
    WorkerMemory memory = WorkerMemory.of(model, clips, recompute, Threads.perTask());
    return (memory.bytes() + vectors * memory.vector()) / 1e6;
  }

  /** Summarises a configuration's model. */
  static ModelSummary summary(String... args) {
    return ModelSummary.of(model(StrictConfig.load(args)));
  }

  /** The model with heads, if nothing is wrong with the configuration. */
  private static ViViTConfig model(StrictConfig config) {
    ModelSettings model = ModelSettings.read(config.section("model"));
    List<Integer> classes = StatedHeads.classes(config.section("describe"));
    config.check();
    return model.withHeads(StatedHeads.heads(classes));
  }
}
