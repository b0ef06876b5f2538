package vivit.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.network.Randomness;

/**
 * One optimisation step on a graph's flat vectors; reference section 4.1: loss and gradient, mean
 * over clips, clip to the largest norm, {@code v <- mu v + g}, {@code w <- w - lr v}.
 *
 * <p>Without clipping it changes the parameters exactly, to the bit, as {@code graph.fit} with
 * {@link Momentum} does. For one thread at a time.
 */
public final class TrainingStep implements AutoCloseable {

  /** Norms are summed in double over pieces of this many numbers. */
  private static final long NORM_PIECE = 1 << 20;

  private final ComputationGraph graph;
  private final ViViTConfig config;
  private final ViViTLayerRuntime backbone;
  private final Optimiser optimiser;
  private final INDArray parameters;
  private final INDArray gradients;
  private final INDArray momentum;

  /** For this graph; its updater state is the momentum. */
  public TrainingStep(ComputationGraph graph, Optimiser optimiser) {
    this.graph = graph;
    this.optimiser = optimiser;
    config = ViViTGraph.config(graph);
    backbone = ViViTGraph.backbone(graph);
    if (graph.getFlattenedGradients() == null) {
      graph.initGradientsView();
    }
    parameters = flat(graph.params());
    gradients = flat(graph.getFlattenedGradients());
    momentum = flat(graph.getUpdater().getStateViewArray());
  }

  /**
   * What a step reports.
   *
   * @param lossSum sum over clips of the mean of the heads' cross-entropies
   * @param clips clips in the batch
   * @param gradientNorm global norm of the mean gradient, before clipping
   * @param correct per head, clips whose largest logit stands at the largest label
   */
  public record Result(double lossSum, int clips, double gradientNorm, List<Integer> correct) {}

  /**
   * Forward, backward, clip, update.
   *
   * @param tokens {@code [b, n_t S, t p p 3]}
   * @param labels per head, rows that sum to one, {@code [b, k]}
   * @param learningRate rate of this step; at 0 only the momentum changes
   * @param randomness what chance does to these b clips
   */
  public Result step(
      INDArray tokens, INDArray[] labels, double learningRate, Randomness randomness) {
    requireLabels(tokens, labels);
    int clips = Math.toIntExact(tokens.size(0));
    backbone.disturbNext(randomness);
    graph.setInputs(tokens);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    double loss = graph.score();
    List<Integer> correct = correct(labels);
    graph.clear();

    gradients.divi(clips);
    double norm = norm(gradients);
    double largest = optimiser.maxGradientNorm();
    if (largest > 0 && norm >= largest) {
      gradients.muli(largest / norm);
    }
    Momentum.apply(gradients, momentum, optimiser.momentum(), learningRate);
    parameters.subi(gradients);
    return new Result(loss * clips, clips, norm, correct);
  }

  /** Flat view of the parameters, laid out as {@link ViViTGraph#index}. */
  public INDArray parameters() {
    return parameters;
  }

  /** Flat view of the momentum, laid out as the parameters; saved with DL4J's updater state. */
  public INDArray momentum() {
    return momentum;
  }

  /** Frees the network's buffers, not the graph's parameters. */
  @Override
  public void close() {
    backbone.release();
  }

  private List<Integer> correct(INDArray[] labels) {
    List<Integer> counts = new ArrayList<>();
    try (INDArray representations = backbone.takeRepresentations()) {
      for (int head = 0; head < labels.length; head++) {
        String name = config.heads().get(head).name();
        try (INDArray logits = ViViTGraph.logits(graph.getLayer(name), representations);
            INDArray found = logits.argMax(1);
            INDArray expected = labels[head].argMax(1);
            INDArray equal = found.eq(expected)) {
          counts.add(equal.castTo(DataType.INT32).sumNumber().intValue());
        }
      }
    }
    return List.copyOf(counts);
  }

  /** A view of the same numbers with one axis. */
  private static INDArray flat(INDArray vector) {
    return vector.reshape(vector.length());
  }

  private static double norm(INDArray flat) {
    double squares = 0;
    for (long start = 0; start < flat.length(); start += NORM_PIECE) {
      long end = Math.min(start + NORM_PIECE, flat.length());
      double piece = flat.get(NDArrayIndex.interval(start, end)).norm2Number().doubleValue();
      squares += piece * piece;
    }
    return Math.sqrt(squares);
  }

  private void requireLabels(INDArray tokens, INDArray[] labels) {
    List<String> expected = new ArrayList<>();
    for (Head head : config.heads()) {
      expected.add(Arrays.toString(new long[] {tokens.size(0), head.classes()}));
    }
    List<String> found = Arrays.stream(labels).map(l -> Arrays.toString(l.shape())).toList();
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "Labels have shapes %s, expected %s".formatted(found, expected));
    }
  }
}
