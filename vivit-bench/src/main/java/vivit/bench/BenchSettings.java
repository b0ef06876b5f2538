package vivit.bench;

import java.util.ArrayList;
import java.util.List;
import vivit.model.ViViTConfig;
import vivit.spark.config.TrainingSettings;

/**
 * What to measure and how.
 *
 * @param model with its heads
 * @param training whose rules the steps follow
 * @param pass what a step is
 * @param chance whether a training step draws drop path and dropout
 * @param engine what computes
 * @param batch clips of a step
 * @param threads that compute
 * @param warmup before measuring
 * @param steps measured
 */
public record BenchSettings(
    ViViTConfig model,
    TrainingSettings training,
    Pass pass,
    Chance chance,
    EngineChoice engine,
    int batch,
    int threads,
    Repeats warmup,
    Repeats steps) {

  /** What a step is. */
  public enum Pass {
    /** Forward, backward, clipping, update. */
    TRAINING,
    /** Forward only. */
    INFERENCE
  }

  /** What chance may do in a training step. */
  public enum Chance {
    /** Nothing. */
    NONE,
    /** Drop path and dropout, each at the largest value of its schedule. */
    CONFIGURED
  }

  /** Clips that go through the network together, one number for each pass of a step. */
  List<Integer> microBatches() {
    int asked = training.updates().microBatch();
    int most = asked == 0 || pass == Pass.INFERENCE ? batch : asked;
    List<Integer> sizes = new ArrayList<>();
    for (int from = 0; from < batch; from += most) {
      sizes.add(Math.min(most, batch - from));
    }
    return sizes;
  }
}
