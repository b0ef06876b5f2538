package vivit.bench;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;
import vivit.model.engine.Threads;
import vivit.spark.config.TrainingSettings;

/**
 * The settings of a measurement.
 *
 * @param model the model with its heads
 * @param training the training settings that steps follow
 * @param pass the kind of step
 * @param drops random drops of a training step
 * @param engine the engine that computes
 * @param batch number of clips per step
 * @param threads number of threads that compute
 * @param warmup steps before measuring
 * @param steps steps to measure
 */
public record BenchSettings(
    ViViTConfig model,
    TrainingSettings training,
    StepKind pass,
    Drops drops,
    EngineChoice engine,
    int batch,
    int threads,
    Repeats warmup,
    Repeats steps) {

  /** Kinds of steps. */
  public enum StepKind {
    /** Forward, backward, clipping, update. */
    TRAINING,
    /** Forward only. */
    INFERENCE
  }

  /** Random drops of a training step. */
  public enum Drops {
    /** No drops. */
    NONE,
    /** Drop path and dropout, each at the largest value of its schedule. */
    CONFIGURED
  }

  /** Number of clips that go through the network together, for each pass of a step. */
  List<Integer> microBatches() {
    int asked = training.updates().microBatch();
    int most = asked == 0 || pass == StepKind.INFERENCE ? batch : asked;
    List<Integer> sizes = new ArrayList<>();
    for (int from = 0; from < batch; from += most) {
      sizes.add(Math.min(most, batch - from));
    }
    return sizes;
  }

  /** The same steps of another model, on executors that compute with this many threads. */
  BenchSettings on(ViViTConfig trained, int cores) {
    return new BenchSettings(trained, training, pass, drops, engine, batch, cores, warmup, steps);
  }

  /** Limits all computation of this process to the settings' number of threads. */
  void limitThreads() {
    Threads.perTask(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
  }
}
