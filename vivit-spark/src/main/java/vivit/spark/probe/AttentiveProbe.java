package vivit.spark.probe;

import java.util.List;
import vivit.model.Head;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.network.Heads;
import vivit.model.network.Heads.Classifier;
import vivit.spark.input.Draws;
import vivit.spark.input.Draws.Use;
import vivit.spark.probe.ProbeVector.Weight;

/**
 * One attentive probe without the pooling of tokens, which all probes share ({@link
 * AttentivePooling}): directions from the query before it, and after it values, residual MLP block
 * and dense layers (docs/vivit.md, 7.4).
 */
final class AttentiveProbe {
  private static final int MLP = 4;
  private static final double DEVIATION = 0.02;

  private final Engine engine;
  private final List<Head> heads;
  private final ProbePoint point;
  private final int width;
  private final int attentionHeads;
  private final int headWidth;
  private final ProbeVector vector;
  private final Weight queryKernel;
  private final Weight keyKernel;
  private final Weight valueKernel;
  private final Weight mlpKernel1;
  private final Weight mlpKernel2;
  private final Weight query;
  private final Weight queryBias;
  private final Weight valueBias;
  private final Weight scale;
  private final Weight shift;
  private final Weight mlpBias1;
  private final Weight mlpBias2;
  private final List<Classifier> layers;
  private final Heads classifiers;
  private final Tensor noBias;
  private final Tensor attentionQuery;
  private final Arena arena;
  private final Arena logitArena;
  private Tensor means;
  private Tensor residual;
  private Tensor statistics;
  private Tensor normalised;
  private Tensor hidden;
  private Tensor activated;
  private Tensor output;

  /** Draws the initial values from the seed, the same for every point. */
  AttentiveProbe(
      Engine engine,
      Arena memory,
      List<Head> heads,
      int width,
      int attentionHeads,
      ProbePoint point,
      long seed) {
    this.engine = engine;
    this.heads = heads;
    this.point = point;
    this.width = width;
    this.attentionHeads = attentionHeads;
    this.headWidth = width / attentionHeads;
    long d = width;
    long wide = MLP * d;
    long classes = heads.stream().mapToLong(Head::classes).sum();
    vector =
        new ProbeVector(
            engine, memory, 3 * d * d + 2 * d * wide + d * classes, 6 * d + wide + classes);
    queryKernel = vector.kernel(d, d);
    keyKernel = vector.kernel(d, d);
    valueKernel = vector.kernel(d, d);
    mlpKernel1 = vector.kernel(d, wide);
    mlpKernel2 = vector.kernel(wide, d);
    query = vector.vector(d);
    queryBias = vector.vector(d);
    valueBias = vector.vector(d);
    scale = vector.vector(d);
    shift = vector.vector(d);
    mlpBias1 = vector.vector(wide);
    mlpBias2 = vector.vector(d);
    layers =
        heads.stream()
            .map(
                head ->
                    ProbeVector.classifier(
                        vector.kernel(d, head.classes()), vector.vector(head.classes())))
            .toList();
    classifiers = new Heads(engine, heads, layers);
    noBias = memory.take(d);
    engine.fill(noBias, 0);
    attentionQuery = memory.take(1, d);
    arena = new Arena(engine);
    logitArena = new Arena(engine);
    initialise(seed);
  }

  /** Number of parameters. */
  static long parameters(int width, long classes) {
    return 11L * width * width + 10L * width + (width + 1) * classes;
  }

  private void initialise(long seed) {
    Weight[] drawn = {queryKernel, keyKernel, valueKernel, mlpKernel1, mlpKernel2, query};
    for (int i = 0; i < drawn.length; i++) {
      Draws draws = Draws.of(Use.PROBE, seed, -1 - i);
      double[] values = new double[Math.toIntExact(drawn[i].value().length())];
      for (int j = 0; j < values.length; j++) {
        values[j] = DEVIATION * truncated(draws);
      }
      engine.load(values, flat(drawn[i].value()));
    }
    engine.fill(scale.value(), 1);
  }

  private static double truncated(Draws draws) {
    double normal = draws.normal();
    while (Math.abs(normal) > 2) {
      normal = draws.normal();
    }
    return normal;
  }

  /** All elements of a kernel, in memory order. */
  private static Tensor flat(Tensor gapless) {
    return gapless.rowMajor(0, gapless.length());
  }

  ProbePoint point() {
    return point;
  }

  ProbeVector vector() {
    return vector;
  }

  /**
   * Computes the direction of every attention head, whose products with the tokens are the scores.
   *
   * @param u {@code [h, d]}, written
   */
  void directions(Tensor u) {
    engine.linear(
        query.value().rowMajor(0, 1, width),
        queryKernel.value(),
        queryBias.value(),
        attentionQuery);
    for (int head = 0; head < attentionHeads; head++) {
      engine.linearInputGradient(
          ofHead(attentionQuery, head),
          keyKernel.columns((long) head * headWidth, headWidth).value(),
          u.rowMajor((long) head * width, 1, width));
    }
  }

  /** The columns of an attention head in a tensor {@code [1, d]}. */
  private Tensor ofHead(Tensor row, int head) {
    return row.rowMajor((long) head * headWidth, 1, headWidth);
  }

  /**
   * Computes the vectors that the dense layers read.
   *
   * @param pooled {@code [h, b, d]}; must not change until {@link #learn} has returned
   * @return {@code [b, d]}
   */
  private Tensor forward(Tensor pooled) {
    arena.rewind();
    means = pooled;
    long clips = pooled.shape()[1];
    Tensor byHead = arena.take(attentionHeads, clips, headWidth);
    residual = arena.take(clips, width);
    Tensor attended = arena.take(clips, width);
    normalised = arena.take(clips, width);
    statistics = arena.take(2, clips);
    hidden = arena.take(clips, (long) MLP * width);
    activated = arena.take(clips, (long) MLP * width);
    output = arena.take(clips, width);
    for (int head = 0; head < attentionHeads; head++) {
      engine.linear(
          meansOf(pooled, head),
          valueKernel.columns((long) head * headWidth, headWidth).value(),
          valueBias.elements((long) head * headWidth, headWidth).value(),
          byHead.rowMajor(head * clips * headWidth, clips, headWidth));
    }
    engine.copy(
        byHead.view(
            0,
            new long[] {clips, attentionHeads, headWidth},
            new long[] {headWidth, clips * headWidth, 1}),
        attended.rowMajor(0, clips, attentionHeads, headWidth));
    engine.addPositions(
        attended.rowMajor(0, clips, 1, width),
        query.value().rowMajor(0, 1, width),
        residual.rowMajor(0, clips, 1, width));
    engine.layerNorm(residual, scale.value(), shift.value(), statistics, normalised);
    engine.linear(normalised, mlpKernel1.value(), mlpBias1.value(), hidden);
    engine.gelu(hidden, activated);
    engine.linearResidual(activated, mlpKernel2.value(), mlpBias2.value(), residual, output);
    return output;
  }

  private Tensor meansOf(Tensor pooled, int head) {
    long clips = pooled.shape()[1];
    return pooled.rowMajor(head * clips * width, clips, width);
  }

  /** The logits per head. */
  double[][] logits(Tensor pooled) {
    return LinearProbes.logits(engine, logitArena, heads, layers, forward(pooled));
  }

  /**
   * Computes the loss and the gradients of everything after the pooling.
   *
   * @param pooled {@code [h, b, d]}
   * @param dPooled written, likewise
   * @return the sum over clips of the mean of the heads' cross-entropies
   */
  double learn(Tensor pooled, List<double[]> labels, Tensor dPooled) {
    forward(pooled);
    long clips = pooled.shape()[1];
    Tensor flow = arena.take(clips, width);
    Tensor dHidden = arena.take(clips, (long) MLP * width);
    Tensor dNormalised = arena.take(clips, width);
    double loss = classifiers.learn(output, labels, flow).loss();
    engine.linearParameterGradient(activated, flow, mlpKernel2.gradient(), mlpBias2.gradient());
    engine.linearInputGradient(flow, mlpKernel2.value(), dHidden);
    engine.geluGradient(hidden, dHidden, dHidden);
    engine.linearParameterGradient(normalised, dHidden, mlpKernel1.gradient(), mlpBias1.gradient());
    engine.linearInputGradient(dHidden, mlpKernel1.value(), dNormalised);
    engine.layerNormGradient(
        residual, statistics, scale.value(), dNormalised, flow, scale.gradient(), shift.gradient());
    engine.addPositionsGradient(
        flow.rowMajor(0, clips, 1, width), query.gradient().rowMajor(0, 1, width));
    Tensor dByHead = arena.take(attentionHeads, clips, headWidth);
    engine.copy(
        flow.view(
            0, new long[] {attentionHeads, clips, headWidth}, new long[] {headWidth, width, 1}),
        dByHead);
    for (int head = 0; head < attentionHeads; head++) {
      Weight kernel = valueKernel.columns((long) head * headWidth, headWidth);
      Tensor dy = dByHead.rowMajor(head * clips * headWidth, clips, headWidth);
      engine.linearParameterGradient(
          meansOf(means, head),
          dy,
          kernel.gradient(),
          valueBias.elements((long) head * headWidth, headWidth).gradient());
      engine.linearInputGradient(dy, kernel.value(), meansOf(dPooled, head));
    }
    return loss;
  }

  /**
   * Computes the gradients of query and key from that of the directions, after {@link #learn}.
   *
   * @param dU {@code [h, d]}
   */
  void learnDirections(Tensor dU) {
    Tensor dQuery = arena.take(1, width);
    Tensor unused = arena.take(headWidth);
    for (int head = 0; head < attentionHeads; head++) {
      Weight key = keyKernel.columns((long) head * headWidth, headWidth);
      Tensor du = dU.rowMajor((long) head * width, 1, width);
      engine.linearParameterGradient(du, ofHead(attentionQuery, head), key.gradient(), unused);
      engine.linear(du, key.value(), noBias.rowMajor(0, headWidth), ofHead(dQuery, head));
    }
    Tensor row = query.value().rowMajor(0, 1, width);
    engine.linearParameterGradient(row, dQuery, queryKernel.gradient(), queryBias.gradient());
    Tensor more = arena.take(1, width);
    engine.linearInputGradient(dQuery, queryKernel.value(), more);
    engine.add(more, query.gradient().rowMajor(0, 1, width));
  }
}
