package vivit.model.network;

import java.util.ArrayList;
import java.util.List;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.ViViTConfig;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.parameter.ParameterIndex;

/**
 * Computes the dense layers on the representations, and the loss: the mean of the heads'
 * cross-entropies (docs/vivit.md, 5.2). Losses are computed in double from the logits, which may be
 * arbitrarily large.
 */
public final class Heads {

  private final Engine engine;
  private final List<Head> heads;
  private final List<double[]> classWeights;
  private final List<Classifier> layers;
  private final Arena arena;

  /**
   * Binds the heads to their parameters.
   *
   * @param parameters flat vector of the whole model, laid out as {@link ParameterIndex#of}
   * @param gradients of that layout; the heads' part is overwritten by every {@link #learn}
   */
  public Heads(Engine engine, ViViTConfig config, Tensor parameters, Tensor gradients) {
    this(engine, config, parameters, gradients, List.of());
  }

  /**
   * Binds the heads to their parameters.
   *
   * @param classWeights per head, the factor of every class {@code [k]} on its term of the loss,
   *     for softmax heads only; empty for none
   */
  public Heads(
      Engine engine,
      ViViTConfig config,
      Tensor parameters,
      Tensor gradients,
      List<double[]> classWeights) {
    this(engine, config.heads(), classifiers(config, parameters, gradients), classWeights);
  }

  /**
   * Creates heads on dense layers of their own, outside a whole model.
   *
   * @param layers one for each head
   */
  public Heads(Engine engine, List<Head> heads, List<Classifier> layers) {
    this(engine, heads, layers, List.of());
  }

  private Heads(
      Engine engine, List<Head> heads, List<Classifier> layers, List<double[]> classWeights) {
    this.engine = engine;
    this.heads = List.copyOf(heads);
    this.layers = List.copyOf(layers);
    this.classWeights = List.copyOf(classWeights);
    requireWeights();
    arena = new Arena(engine);
  }

  private static List<Classifier> classifiers(
      ViViTConfig config, Tensor parameters, Tensor gradients) {
    ParameterIndex index = ParameterIndex.of(config);
    FlatTensors values = new FlatTensors(index, parameters);
    FlatTensors bound = new FlatTensors(index, gradients);
    List<Classifier> layers = new ArrayList<>();
    for (Head head : config.heads()) {
      String root = ParameterIndex.headRoot(config, head);
      layers.add(
          new Classifier(
              values.kernel(root + "/kernel"),
              values.vector(root + "/bias"),
              bound.kernel(root + "/kernel"),
              bound.vector(root + "/bias")));
    }
    return layers;
  }

  private void requireWeights() {
    for (int i = 0; i < classWeights.size(); i++) {
      Head head = heads.get(i);
      if (head.loss() != Loss.SOFTMAX || classWeights.get(i).length != head.classes()) {
        throw new IllegalArgumentException(
            "%d class weights of %s, expected %d of a softmax head"
                .formatted(classWeights.get(i).length, head.name(), head.classes()));
      }
    }
  }

  /**
   * The dense layer of a head.
   *
   * @param kernel {@code [d, k]}
   * @param bias {@code [k]}
   * @param dKernel the kernel's gradient, overwritten by every {@link #learn}
   * @param dBias the bias's gradient, likewise
   */
  public record Classifier(Tensor kernel, Tensor bias, Tensor dKernel, Tensor dBias) {}

  /**
   * Loss and number of correct predictions of a batch.
   *
   * @param loss sum over clips of the mean of the heads' cross-entropies, weighted by class
   * @param correct per head, clips whose largest logit is that of the largest label
   */
  public record Scores(double loss, int[] correct) {}

  /**
   * Computes the loss and the gradients of its sum over clips.
   *
   * @param representations {@code [b, d]}
   * @param labels per head, {@code [b, k]} row-major: rows that sum to one, or any values in [0, 1]
   *     for a sigmoid head
   * @param gradient with respect to the representations, written
   */
  public Scores learn(Tensor representations, List<double[]> labels, Tensor gradient) {
    arena.rewind();
    long clips = representations.shape()[0];
    double loss = 0;
    int[] correct = new int[layers.size()];
    for (int i = 0; i < layers.size(); i++) {
      Head head = heads.get(i);
      Classifier layer = layers.get(i);
      Tensor logits = arena.take(clips, head.classes());
      engine.linear(representations, layer.kernel(), layer.bias(), logits);
      double[] values = engine.read(logits);
      double[] expected = labels.get(i);
      for (int row = 0; row < values.length; row += head.classes()) {
        correct[i] += matches(values, expected, row, head.classes()) ? 1 : 0;
        loss += lossAndGradient(i, values, expected, row) / layers.size();
      }
      engine.load(values, logits);
      engine.linearParameterGradient(representations, logits, layer.dKernel(), layer.dBias());
      if (i == 0) {
        engine.linearInputGradient(logits, layer.kernel(), gradient);
      } else {
        Tensor more = arena.take(representations.shape());
        engine.linearInputGradient(logits, layer.kernel(), more);
        engine.add(more, gradient);
      }
    }
    return new Scores(loss, correct);
  }

  /** Loss of one row of logits, which its gradient overwrites. */
  private double lossAndGradient(int number, double[] logits, double[] labels, int row) {
    Head head = heads.get(number);
    double weight = 1.0 / layers.size();
    int end = row + head.classes();
    double loss = 0;
    if (head.loss() == Loss.SIGMOID) {
      for (int k = row; k < end; k++) {
        double z = logits[k];
        loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - labels[k] * z;
        logits[k] = weight * (1 / (1 + Math.exp(-z)) - labels[k]);
      }
      return loss;
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = row; k < end; k++) {
      largest = Math.max(largest, logits[k]);
    }
    double sum = 0;
    for (int k = row; k < end; k++) {
      sum += Math.exp(logits[k] - largest);
    }
    double normaliser = largest + Math.log(sum);
    double mass = mass(number, labels, row);
    for (int k = row; k < end; k++) {
      double target = labels[k] * classWeight(number, k - row);
      double logProbability = logits[k] - normaliser;
      loss -= target == 0 ? 0 : target * logProbability;
      logits[k] = weight * (mass * Math.exp(logProbability) - target);
    }
    return loss;
  }

  private double classWeight(int head, int k) {
    return classWeights.isEmpty() ? 1 : classWeights.get(head)[k];
  }

  /** The sum of a row of weighted labels; 1 without weights, whatever rounding made of it. */
  private double mass(int head, double[] labels, int row) {
    if (classWeights.isEmpty()) {
      return 1;
    }
    double mass = 0;
    for (int k = 0; k < heads.get(head).classes(); k++) {
      mass += labels[row + k] * classWeight(head, k);
    }
    return mass;
  }

  private static boolean matches(double[] logits, double[] labels, int row, int classes) {
    int found = row;
    int expected = row;
    for (int k = row + 1; k < row + classes; k++) {
      found = logits[k] > logits[found] ? k : found;
      expected = labels[k] > labels[expected] ? k : expected;
    }
    return found == expected;
  }
}
