package vivit.bench.libtorch;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.dl4j.TrainingStep;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.Randomness;

/** This project's step, as a Spark worker makes it. */
final class VivitContender implements Contender {

  private static final float HEAD_DEVIATION = 0.02f;

  private final ComputationGraph graph;
  private final TrainingStep step;
  private final INDArray tokens;
  private final INDArray[] labels;
  private final int clips;

  VivitContender(ViViTConfig config, Batch batch, long seed) {
    graph = ViViTGraph.create(config, seed);
    step = new TrainingStep(graph, new Optimiser(MOMENTUM, LARGEST_NORM));
    fillHead(ParameterIndex.of(config).parameter("output_projection/kernel"), seed);
    clips = batch.clips();
    tokens =
        Nd4j.create(batch.pixels(), new long[] {clips, batch.tokens(), batch.values()}, 'c')
            .castTo(DataType.FLOAT);
    labels = new INDArray[] {Nd4j.zeros(DataType.FLOAT, clips, config.heads().get(0).classes())};
    for (int clip = 0; clip < clips; clip++) {
      labels[0].putScalar(clip, batch.classes()[clip], 1);
    }
  }

  /** A new head is zero, and then no gradient gets past it: that would prove nothing. */
  private void fillHead(Parameter kernel, long seed) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(kernel.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = HEAD_DEVIATION * (float) random.nextGaussian();
    }
    step.parameters()
        .get(NDArrayIndex.interval(kernel.offset(), kernel.offset() + kernel.length()))
        .assign(Nd4j.createFromArray(values));
  }

  @Override
  public String name() {
    return "vivit";
  }

  @Override
  public StepResult step() {
    TrainingStep.Result result = step.step(tokens, labels, LEARNING_RATE, Randomness.none(clips));
    return new StepResult(result.lossSum() / clips, result.gradientNorm());
  }

  @Override
  public float[] parameters() {
    return step.parameters().dup().data().asFloat();
  }

  @Override
  public void close() {
    step.close();
    graph.close();
    tokens.close();
    labels[0].close();
  }
}
