package vivit.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone.Recompute;
import vivit.model.network.Heads;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.Randomness;

/**
 * One optimisation step on a graph's flat vectors; reference section 4.1: loss and gradient, mean
 * over clips, clip to the largest norm, {@code v <- mu v + g}, {@code w <- w - lr v}, and where
 * there is weight decay {@code w <- (1 - lr decay) w} on kernels.
 *
 * <p>{@link #accumulate} takes the step's clips in micro-batches, {@link #update} ends it. With one
 * micro-batch, one rate for all parameters, and neither clipping nor decay it changes the
 * parameters as {@code graph.fit} with {@link Momentum} does, up to rounding: heads and loss are
 * computed by the network's engine, not by DL4J. For one thread at a time.
 */
public final class TrainingStep implements AutoCloseable {

  private final ViViTConfig config;
  private final ViViTLayerRuntime backbone;
  private final Optimiser optimiser;
  private final ParameterRates rates;
  private final ParameterRates ratesWithoutDecay;
  private final INDArray parameters;
  private final INDArray gradients;
  private final INDArray momentum;

  /**
   * Sum of the gradients of a step's micro-batches but the last; absent until there are several.
   */
  private Optional<INDArray> sum = Optional.empty();

  private Optional<Top> top = Optional.empty();
  private int microBatches;
  private int clips;
  private double lossSum;
  private double normSum;
  private int[] correct = new int[0];

  /** For this graph, one rate for all parameters; its updater state is the momentum. */
  public TrainingStep(ComputationGraph graph, Optimiser optimiser) {
    this(graph, optimiser, ParameterRates.uniform(ViViTGraph.index(graph)), Recompute.NOTHING);
  }

  /** For this graph; its updater state is the momentum. */
  public TrainingStep(
      ComputationGraph graph, Optimiser optimiser, ParameterRates rates, Recompute recompute) {
    this.optimiser = optimiser;
    this.rates = rates;
    ratesWithoutDecay = rates.withoutDecay();
    config = ViViTGraph.config(graph);
    backbone = ViViTGraph.backbone(graph);
    backbone.recompute(recompute);
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
   * @param gradientNorm global norm of the mean gradient before clipping; where micro-batches are
   *     clipped, the mean of their norms, weighted by clips
   * @param correct per head, clips whose largest logit stands at the largest label
   */
  public record Result(double lossSum, int clips, double gradientNorm, List<Integer> correct) {}

  /** A step of one micro-batch without weight decay. */
  public Result step(
      INDArray tokens, INDArray[] labels, double learningRate, Randomness randomness) {
    accumulate(tokens, labels, randomness);
    return update(learningRate, 0);
  }

  /**
   * Forward and backward of a part of the step's clips.
   *
   * @param tokens {@code [b, n_t S, t p p 3]}
   * @param labels per head {@code [b, k]}: rows that sum to one, or of a sigmoid head any in [0, 1]
   * @param randomness what chance does to these b clips
   */
  public void accumulate(INDArray tokens, INDArray[] labels, Randomness randomness) {
    requireLabels(tokens, labels);
    if (microBatches > 0) {
      keepGradients();
    }
    int part = Math.toIntExact(tokens.size(0));
    Top top = top();
    Tensor representations = top.arena().take(part, config.representation());
    Tensor slopes = top.arena().take(part, config.representation());
    backbone.train(tokens, randomness, representations);
    Heads.Scores scores = top.heads().learn(representations, numbers(labels), slopes);
    backbone.backward(slopes);
    lossSum += scores.loss();
    correct = Arrays.copyOf(correct, labels.length);
    for (int head = 0; head < labels.length; head++) {
      correct[head] += scores.correct()[head];
    }
    clips += part;
    microBatches++;
    for (ParameterRates.Range range : rates.frozen()) {
      backbone.engine().fill(slice(gradients, range), 0);
    }
    if (optimiser.clipEach() == Optimiser.ClipEach.MICRO_BATCH) {
      double norm = norm(part);
      normSum += norm * part;
      double shrink = shrink(norm);
      if (shrink != 1) {
        gradients.muli(shrink);
      }
    }
  }

  /**
   * Clips the mean gradient and updates momentum and parameters.
   *
   * @param learningRate rate of this step; at 0 only the momentum changes
   * @param weightDecay share of a kernel that is taken away per unit of learning rate
   */
  public Result update(double learningRate, double weightDecay) {
    if (microBatches == 0) {
      throw new IllegalStateException("A step without clips; call accumulate first");
    }
    Engine engine = backbone.engine();
    if (microBatches > 1) {
      engine.add(engine.adopt(sum.orElseThrow()), engine.adopt(gradients));
    }
    double norm = normSum / clips;
    double shrink = 1;
    if (optimiser.clipEach() == Optimiser.ClipEach.STEP) {
      norm = norm(clips);
      shrink = shrink(norm);
    }
    ParameterRates active = weightDecay == 0 ? ratesWithoutDecay : rates;
    for (ParameterRates.Range range : active.ranges()) {
      double keep = range.decays() ? 1 - learningRate * range.factor() * weightDecay : 1;
      engine.descend(
          slice(gradients, range),
          slice(momentum, range),
          slice(parameters, range),
          new Engine.Descent(
              clips, shrink, optimiser.momentum(), learningRate, range.factor(), keep));
    }
    Result result = new Result(lossSum, clips, norm, Arrays.stream(correct).boxed().toList());
    microBatches = 0;
    clips = 0;
    lossSum = 0;
    normSum = 0;
    correct = new int[0];
    return result;
  }

  /** Moves the last micro-batch's gradient out of the way of the next one's. */
  private void keepGradients() {
    Engine engine = backbone.engine();
    if (microBatches == 1) {
      if (sum.isEmpty()) {
        sum =
            Optional.of(Nd4j.createUninitializedDetached(gradients.dataType(), gradients.length()));
      }
      engine.copy(engine.adopt(gradients), engine.adopt(sum.get()));
    } else {
      engine.add(engine.adopt(gradients), engine.adopt(sum.orElseThrow()));
    }
  }

  /** Global norm of the mean gradient of this many clips. */
  private double norm(int ofClips) {
    Engine engine = backbone.engine();
    return Math.sqrt(engine.sumOfSquares(engine.adopt(gradients))) / ofClips;
  }

  /** The factor that brings a mean gradient down to the largest norm. */
  private double shrink(double norm) {
    double largest = optimiser.maxGradientNorm();
    return largest > 0 && norm >= largest ? largest / norm : 1;
  }

  private Tensor slice(INDArray flat, ParameterRates.Range range) {
    return backbone.engine().adopt(flat).rowMajor(range.from(), range.to() - range.from());
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
    top = Optional.empty();
    sum.ifPresent(INDArray::close);
    sum = Optional.empty();
  }

  private static List<double[]> numbers(INDArray[] labels) {
    return Arrays.stream(labels).map(TrainingStep::numbers).toList();
  }

  /** One by one, as ND4J's conversions take native memory every time. */
  private static double[] numbers(INDArray rows) {
    int width = (int) rows.size(1);
    double[] values = new double[Math.toIntExact(rows.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.getDouble(i / width, i % width);
    }
    return values;
  }

  /** The heads on the network's engine, and memory for what goes between the two. */
  private record Top(Engine engine, Heads heads, Arena arena) {}

  private Top top() {
    Engine engine = backbone.engine();
    if (top.isEmpty() || top.get().engine() != engine) {
      Heads heads = new Heads(engine, config, engine.adopt(parameters), engine.adopt(gradients));
      top = Optional.of(new Top(engine, heads, new Arena(engine)));
    }
    top.get().arena().rewind();
    return top.get();
  }

  /** A view of the same numbers with one axis. */
  private static INDArray flat(INDArray vector) {
    return vector.reshape(vector.length());
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
