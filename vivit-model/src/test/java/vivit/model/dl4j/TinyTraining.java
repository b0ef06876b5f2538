package vivit.model.dl4j;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;

/** Trains a model, large enough for several threads, on batches of up to four clips. */
final class TinyTraining implements AutoCloseable {

  private static final int MOST_CLIPS = 4;

  private final INDArray[] tokens = new INDArray[MOST_CLIPS + 1];
  private final INDArray[][] labels = new INDArray[MOST_CLIPS + 1][];
  private final TrainingStep step;

  TinyTraining(int seed, Recompute recompute) {
    ViViTConfig config = config();
    for (int clips = 1; clips <= MOST_CLIPS; clips++) {
      tokens[clips] = TinyModels.tokens(config, clips, DataType.FLOAT);
      labels[clips] = TinyModels.labels(config, clips, DataType.FLOAT);
    }
    var graph = ViViTGraph.create(config, seed);
    ParameterRates rates = ParameterRates.uniform(ViViTGraph.index(graph));
    step = new TrainingStep(graph, new Optimiser(0.9, 1), rates, recompute);
  }

  static ViViTConfig config() {
    return new ViViTConfig(
        new ClipShape(8, 28, 28),
        new Tubelet(2, 4, 4),
        64,
        4,
        128,
        new FactorisedEncoder(1, 1),
        Readout.TOKEN,
        0.2,
        List.of(TinyModels.NOUN, TinyModels.VERB));
  }

  /** One step with drop path and dropout. */
  void run(int clips, long seed) {
    long[] seeds = new long[clips];
    Arrays.fill(seeds, seed);
    Randomness randomness = new Randomness(new DropPath(0.2, seeds), new Dropout(0.1, 0.1, seeds));
    step.step(tokens[clips], labels[clips], 0.1, randomness);
  }

  /** Parameters and momentum. */
  float[][] state() {
    return new float[][] {step.parameters().toFloatVector(), step.states().get(0).toFloatVector()};
  }

  @Override
  public void close() {
    step.close();
  }
}
