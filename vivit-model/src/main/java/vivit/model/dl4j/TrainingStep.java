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
 * Performs optimisation steps on a graph's flat vectors (docs/vivit.md, 5.1): loss and gradient,
 * mean over clips, clip to the largest norm, an update by the optimiser's rule, and, with weight
 * decay, {@code w <- (1 - lr decay) w} on kernels.
 *
 * <p>{@link #accumulate} takes the clips of a step in micro-batches, and {@link #update} ends the
 * step. With one micro-batch, one rate for all parameters, SGD and neither clipping nor decay, the
 * result is that of {@code graph.fit} with {@link Momentum} up to rounding: the network's engine,
 * not DL4J, computes heads and loss. Not thread-safe.
 */
public final class TrainingStep implements AutoCloseable {

  private final ViViTConfig config;
  private final ViViTLayerRuntime backbone;
  private final Optimiser optimiser;
  private final ParameterRates rates;
  private final ParameterRates ratesWithoutDecay;
  private final INDArray parameters;
  private final INDArray gradients;
  private final List<INDArray> states;

  /**
   * Sum of the gradients of all micro-batches but the last; allocated by the first step of several.
   */
  private Optional<INDArray> sum = Optional.empty();

  private Optional<BoundHeads> boundHeads = Optional.empty();
  private List<double[]> classWeights = List.of();
  private int microBatches;
  private int clips;
  private double lossSum;
  private double normSum;
  private int[] correct = new int[0];

  /** Creates the step of a graph with one rate for all parameters. */
  public TrainingStep(ComputationGraph graph, Optimiser optimiser) {
    this(graph, optimiser, ParameterRates.uniform(ViViTGraph.index(graph)), Recompute.NOTHING);
  }

  /**
   * Creates the step of a graph; the graph's updater state is the first state of the rule, further
   * ones begin at zero.
   */
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
    states = new ArrayList<>(List.of(flat(graph.getUpdater().getStateViewArray())));
    while (states.size() < optimiser.rule().states().size()) {
      states.add(detached().assign(0));
    }
  }

  /**
   * The result of a step.
   *
   * @param lossSum sum over clips of the mean of the heads' cross-entropies
   * @param clips clips in the batch
   * @param gradientNorm global norm of the mean gradient before clipping; with clipped
   *     micro-batches, the mean of their norms, weighted by clips
   * @param correct per head, clips whose largest logit is that of the largest label
   */
  public record Result(double lossSum, int clips, double gradientNorm, List<Integer> correct) {}

  /**
   * Weighs the classes' terms of the loss from now on.
   *
   * @param weights per head, one factor for each class, for softmax heads only; empty for none
   */
  public void weighClasses(List<double[]> weights) {
    classWeights = List.copyOf(weights);
    boundHeads = Optional.empty();
  }

  /** Performs a first step with a single micro-batch and no weight decay. */
  public Result step(
      INDArray tokens, INDArray[] labels, double learningRate, Randomness randomness) {
    accumulate(tokens, labels, randomness);
    return update(1, learningRate, 0);
  }

  /**
   * Forward and backward pass over a micro-batch.
   *
   * @param tokens {@code [b, n_t S, t p p 3]}
   * @param labels per head {@code [b, k]}: rows that sum to one, or any values in [0, 1] for a
   *     sigmoid head
   * @param randomness masks for these b clips
   */
  public void accumulate(INDArray tokens, INDArray[] labels, Randomness randomness) {
    requireLabels(tokens, labels);
    if (microBatches > 0) {
      keepGradients();
    }
    int part = Math.toIntExact(tokens.size(0));
    BoundHeads bound = boundHeads();
    Tensor representations = bound.arena().take(part, config.representation());
    Tensor representationGradients = bound.arena().take(part, config.representation());
    backbone.train(tokens, randomness, representations);
    Heads.Scores scores =
        bound.heads().learn(representations, numbers(labels), representationGradients);
    backbone.backward(representationGradients);
    lossSum += scores.loss();
    correct = Arrays.copyOf(correct, labels.length);
    for (int head = 0; head < labels.length; head++) {
      correct[head] += scores.correct()[head];
    }
    clips += part;
    microBatches++;
    for (ParameterRates.RateRange range : rates.frozen()) {
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
   * Clips the mean gradient and updates states and parameters.
   *
   * @param updates done with these states, this one included
   * @param learningRate of this step; at 0 only the states change
   * @param weightDecay share of a kernel that is subtracted per unit of learning rate
   */
  public Result update(long updates, double learningRate, double weightDecay) {
    Engine engine = backbone.engine();
    Clipped clipped = clipped();
    ParameterRates active = weightDecay == 0 ? ratesWithoutDecay : rates;
    for (ParameterRates.RateRange range : active.ranges()) {
      double keep = range.decays() ? 1 - learningRate * range.factor() * weightDecay : 1;
      engine.descend(
          slice(gradients, range),
          states.stream().map(state -> slice(state, range)).toList(),
          slice(parameters, range),
          new Engine.Descent(
              optimiser.rule(),
              updates,
              clips,
              clipped.shrink(),
              learningRate,
              range.factor(),
              keep));
    }
    return end(clipped.norm());
  }

  /**
   * Ends the step without an update: leaves the clipped mean gradient in {@link #gradients}, so
   * that it can be averaged with those of other workers.
   */
  public Result gradient() {
    Clipped clipped = clipped();
    gradients.divi(clips);
    if (clipped.shrink() != 1) {
      gradients.muli(clipped.shrink());
    }
    return end(clipped.norm());
  }

  /** The norm of the mean gradient, and the factor that clips it. */
  private record Clipped(double norm, double shrink) {}

  private Clipped clipped() {
    if (microBatches == 0) {
      throw new IllegalStateException("A step without clips; call accumulate first");
    }
    Engine engine = backbone.engine();
    if (microBatches > 1) {
      engine.add(engine.adopt(sum.orElseThrow()), engine.adopt(gradients));
    }
    if (optimiser.clipEach() == Optimiser.ClipEach.STEP) {
      double norm = norm(clips);
      return new Clipped(norm, shrink(norm));
    }
    return new Clipped(normSum / clips, 1);
  }

  private Result end(double norm) {
    Result result = new Result(lossSum, clips, norm, Arrays.stream(correct).boxed().toList());
    microBatches = 0;
    clips = 0;
    lossSum = 0;
    normSum = 0;
    correct = new int[0];
    return result;
  }

  /** Adds the last gradient to the sum, because the next micro-batch overwrites it. */
  private void keepGradients() {
    Engine engine = backbone.engine();
    if (microBatches == 1) {
      if (sum.isEmpty()) {
        sum = Optional.of(detached());
      }
      engine.copy(engine.adopt(gradients), engine.adopt(sum.get()));
    } else {
      engine.add(engine.adopt(gradients), engine.adopt(sum.orElseThrow()));
    }
  }

  /** Global norm of the mean gradient over a number of clips. */
  private double norm(int ofClips) {
    Engine engine = backbone.engine();
    return Math.sqrt(engine.sumOfSquares(engine.adopt(gradients))) / ofClips;
  }

  /** Factor that clips a mean gradient of this norm: at most 1. */
  private double shrink(double norm) {
    double largest = optimiser.maxGradientNorm();
    return largest > 0 && norm >= largest ? largest / norm : 1;
  }

  private Tensor slice(INDArray flat, ParameterRates.RateRange range) {
    return backbone.engine().adopt(flat).rowMajor(range.from(), range.to() - range.from());
  }

  /** Flat view of the parameters, laid out as {@link ViViTGraph#index}. */
  public INDArray parameters() {
    return parameters;
  }

  /** Flat view of the gradients, laid out as the parameters. */
  public INDArray gradients() {
    return gradients;
  }

  /** Flat views of the rule's states, laid out as the parameters. */
  public List<INDArray> states() {
    return List.copyOf(states);
  }

  /** A vector as long as the parameters, which this step frees; its values are undefined. */
  private INDArray detached() {
    return Nd4j.createUninitializedDetached(gradients.dataType(), gradients.length());
  }

  /** Frees the buffers of the network; the graph's parameters stay. */
  @Override
  public void close() {
    backbone.release();
    boundHeads = Optional.empty();
    sum.ifPresent(INDArray::close);
    sum = Optional.empty();
    states.subList(1, states.size()).forEach(INDArray::close); // the first is the graph's
    states.subList(1, states.size()).clear();
  }

  private static List<double[]> numbers(INDArray[] labels) {
    return Arrays.stream(labels).map(TrainingStep::numbers).toList();
  }

  /**
   * Reads one number at a time, because ND4J's conversions allocate native memory in every call.
   */
  private static double[] numbers(INDArray rows) {
    int width = (int) rows.size(1);
    double[] values = new double[Math.toIntExact(rows.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.getDouble(i / width, i % width);
    }
    return values;
  }

  /** The heads on the network's engine, and memory for representations and their gradients. */
  private record BoundHeads(Engine engine, Heads heads, Arena arena) {}

  private BoundHeads boundHeads() {
    Engine engine = backbone.engine();
    if (boundHeads.isEmpty() || boundHeads.get().engine() != engine) {
      Heads heads =
          new Heads(
              engine, config, engine.adopt(parameters), engine.adopt(gradients), classWeights);
      boundHeads = Optional.of(new BoundHeads(engine, heads, new Arena(engine)));
    }
    boundHeads.get().arena().rewind();
    return boundHeads.get();
  }

  /** A view of the same memory with one axis. */
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
