package vivit.model.engine;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastCopyOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Norm2;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.AddOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.SubOp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import vivit.model.engine.UpdateRule.AdamW;
import vivit.model.engine.UpdateRule.Lion;
import vivit.model.engine.UpdateRule.Sgd;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/**
 * Computes with plain ND4J calls on the backend of the class path, in float or double. The tests
 * compare the other engines against this readable one.
 */
public final class Nd4jEngine implements Engine {

  private static final double GELU_CUBIC = 0.044715;

  /** {@code (1 + tanh(u)) / 2 = sigmoid(2 u)}, hence the factor 2. */
  private static final double GELU_SCALE = 2 * Math.sqrt(2 / Math.PI);

  /** Numbers per piece when squares are summed in double. */
  private static final long NORM_PIECE = 1 << 20;

  private final DataType type;
  private final Nd4jScratch scratch;
  private final Set<Nd4jTensor> owned = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Creates an engine for {@code FLOAT} or {@code DOUBLE}. */
  public Nd4jEngine(DataType type) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          "The ND4J engine computes in FLOAT or DOUBLE, not in " + type);
    }
    this.type = type;
    scratch = new Nd4jScratch(type);
  }

  @Override
  public String description() {
    return "ND4J " + type + " on " + Nd4j.getBackend().getClass().getSimpleName();
  }

  @Override
  public Tensor allocate(long... shape) {
    Nd4jTensor tensor = new Nd4jTensor(Nd4j.createUninitializedDetached(type, shape));
    owned.add(tensor);
    return tensor;
  }

  @Override
  public void release(Tensor tensor) {
    if (!owned.remove((Nd4jTensor) tensor)) {
      throw new IllegalArgumentException("The tensor does not belong to this engine or is a view");
    }
    array(tensor).close();
  }

  @Override
  public Tensor adopt(INDArray array) {
    if (array.dataType() != type) {
      throw new IllegalArgumentException(
          "Array of type %s in an engine of type %s; convert it with castTo"
              .formatted(array.dataType(), type));
    }
    return new Nd4jTensor(array);
  }

  @Override
  public void load(double[] values, Tensor into) {
    try (INDArray source = Nd4j.createFromArray(values)) {
      vector(into).assign(source); // converts where the types differ
    }
  }

  @Override
  public double[] read(Tensor x) {
    return vector(x).toDoubleVector();
  }

  @Override
  public void linear(Tensor x, Tensor kernel, Tensor bias, Tensor y) {
    Nd4j.gemm(array(kernel), columns(x), columns(y), true, false, 1, 0);
    execute(new AddOp(rows(y), row(bias), rows(y)));
  }

  @Override
  public void linearResidual(Tensor x, Tensor kernel, Tensor bias, Tensor residual, Tensor y) {
    execute(new AddOp(rows(residual), row(bias), rows(y)));
    Nd4j.gemm(array(kernel), columns(x), columns(y), true, false, 1, 1);
  }

  @Override
  public void linearInputGradient(Tensor dy, Tensor kernel, Tensor dx) {
    Nd4j.gemm(array(kernel), columns(dy), columns(dx), false, false, 1, 0);
  }

  @Override
  public void linearParameterGradient(Tensor x, Tensor dy, Tensor dKernel, Tensor dBias) {
    Nd4j.gemm(columns(x), columns(dy), array(dKernel), false, true, 1, 0);
    sumRows(columns(dy), dBias);
  }

  @Override
  public void gelu(Tensor x, Tensor y) {
    INDArray gate = geluGate(vector(x), vector(y));
    gate.muli(vector(x));
  }

  @Override
  public void geluGradient(Tensor x, Tensor dy, Tensor dx) {
    INDArray value = vector(x);
    // with g the gate and s its derivative: d(x g)/dx = g + x g (1 - g) s'
    INDArray gate = geluGate(value, scratch.take("gate", value.length()).array());
    INDArray derivative = scratch.take("derivative", value.length()).array();
    value.muli(value, derivative);
    derivative.muli(3 * GELU_CUBIC * GELU_SCALE).addi(GELU_SCALE).muli(value);
    INDArray closed = scratch.take("closed", value.length()).array();
    gate.rsubi(1, closed);
    derivative.muli(closed).addi(1).muli(gate);
    vector(dy).muli(derivative, vector(dx));
  }

  /** {@code sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3))}. */
  private static INDArray geluGate(INDArray x, INDArray gate) {
    x.muli(x, gate);
    gate.muli(GELU_CUBIC * GELU_SCALE).addi(GELU_SCALE).muli(x);
    execute(new Sigmoid(gate, gate));
    return gate;
  }

  @Override
  public void layerNorm(Tensor x, Tensor scale, Tensor bias, Tensor statistics, Tensor y) {
    INDArray out = rows(y);
    long width = out.size(1);
    INDArray mean = mean(statistics);
    INDArray inverse = inverseDeviation(statistics);
    execute(new Mean(rows(x), mean, true, 1));
    execute(new SubOp(rows(x), mean, out));
    execute(new Norm2(out, inverse, true, 1));
    inverse.muli(inverse).divi(width).addi(LAYER_NORM_EPSILON);
    execute(new RSqrt(inverse, inverse));
    execute(new MulOp(out, inverse, out));
    execute(new MulOp(out, row(scale), out));
    execute(new AddOp(out, row(bias), out));
  }

  @Override
  public void layerNormGradient(
      Tensor x,
      Tensor statistics,
      Tensor scale,
      Tensor dy,
      Tensor dx,
      Tensor dScale,
      Tensor dBias) {
    INDArray input = rows(x);
    INDArray gradient = rows(dy);
    long n = input.size(0);
    long width = input.size(1);
    INDArray inverse = inverseDeviation(statistics);
    Nd4jTensor normalised = scratch.take("normalised", n, width);
    Nd4jTensor product = scratch.take("product", n, width);
    execute(new SubOp(input, mean(statistics), normalised.array()));
    execute(new MulOp(normalised.array(), inverse, normalised.array()));
    gradient.muli(normalised.array(), product.array());
    sumRows(product.columns(), dScale);
    sumRows(columns(dy), dBias);

    // dx += (g - mean(g) - normalised * mean(g * normalised)) / deviation, with g = dy * scale
    INDArray shift = meansOverWidth(columns(dy), scale, scratch.take("shift", n));
    INDArray stretch = meansOverWidth(product.columns(), scale, scratch.take("stretch", n));
    execute(new MulOp(gradient, row(scale), gradient));
    execute(new SubOp(gradient, shift, gradient));
    execute(new MulOp(normalised.array(), stretch, normalised.array()));
    gradient.subi(normalised.array());
    execute(new MulOp(gradient, inverse, gradient));
    rows(dx).addi(gradient);
  }

  private static INDArray mean(Tensor statistics) {
    return ((Nd4jTensor) statistics).slice(0).column();
  }

  private static INDArray inverseDeviation(Tensor statistics) {
    return ((Nd4jTensor) statistics).slice(1).column();
  }

  /** Weighted mean of every column of {@code [d, n]}. */
  private static INDArray meansOverWidth(INDArray columns, Tensor weights, Nd4jTensor means) {
    double width = columns.size(0);
    Nd4j.gemm(columns, column(weights), means.column(), true, false, 1 / width, 0);
    return means.column();
  }

  /** The probabilities before dropout, {@code [..., heads.count(), n, n]}. */
  @Override
  public long[] attentionStash(long[] packed, HeadRange heads) {
    int leading = packed.length - 2;
    long[] shape = Arrays.copyOf(packed, leading + 3);
    shape[leading] = heads.count();
    shape[leading + 1] = packed[leading];
    shape[leading + 2] = packed[leading];
    return shape;
  }

  @Override
  public void attention(
      Tensor packed,
      HeadRange heads,
      Optional<DropoutMask> dropout,
      Tensor probabilities,
      Tensor out) {
    INDArray[] parts = ((Nd4jTensor) packed).heads(3, heads);
    INDArray weights = array(probabilities);
    double scale = 1 / Math.sqrt((double) parts[0].size(-1));
    multiply(parts[0], Operand.PLAIN, parts[1], Operand.TRANSPOSED, scale, weights);
    execute(new SoftMax(weights, weights, -1));
    INDArray dropped = dropout.map(mask -> dropped(probabilities, mask)).orElse(weights);
    multiply(
        dropped, Operand.PLAIN, parts[2], Operand.PLAIN, 1, ((Nd4jTensor) out).heads(1, heads)[0]);
  }

  private INDArray dropped(Tensor probabilities, DropoutMask mask) {
    Nd4jTensor dropped = scratch.take("dropped", probabilities.shape());
    dropout(probabilities, mask, dropped);
    return dropped.array();
  }

  @Override
  public void attentionGradient(
      Tensor packed,
      HeadRange heads,
      Optional<DropoutMask> dropout,
      Tensor probabilities,
      Tensor out,
      Tensor dOut,
      Tensor dPacked) {
    INDArray[] parts = ((Nd4jTensor) packed).heads(3, heads);
    INDArray[] dParts = ((Nd4jTensor) dPacked).heads(3, heads);
    INDArray dHeads = ((Nd4jTensor) dOut).heads(1, heads)[0];
    INDArray weights = array(probabilities);
    double scale = 1 / Math.sqrt((double) parts[0].size(-1));
    INDArray dropped = dropout.map(mask -> dropped(probabilities, mask)).orElse(weights);
    multiply(dropped, Operand.TRANSPOSED, dHeads, Operand.PLAIN, 1, dParts[2]);

    Nd4jTensor dScores = scratch.take("scores", probabilities.shape());
    multiply(dHeads, Operand.PLAIN, parts[2], Operand.TRANSPOSED, 1, dScores.array());
    dropout.ifPresent(mask -> dropout(dScores, mask, dScores));
    // through the softmax: ds = p (dp - sum(p dp))
    long keys = weights.size(-1);
    long queries = weights.length() / keys;
    INDArray rows = dScores.rowMajorView(queries, keys).array();
    INDArray products = scratch.take("products", queries, keys).array();
    INDArray sums = scratch.take("sums", queries).column();
    INDArray weightRows = ((Nd4jTensor) probabilities).rowMajorView(queries, keys).array();
    rows.muli(weightRows, products);
    execute(new Sum(products, sums, true, 1));
    execute(new SubOp(rows, sums, rows));
    rows.muli(weightRows);

    multiply(dScores.array(), Operand.PLAIN, parts[1], Operand.PLAIN, scale, dParts[0]);
    multiply(dScores.array(), Operand.TRANSPOSED, parts[0], Operand.PLAIN, scale, dParts[1]);
  }

  @Override
  public void dropout(Tensor x, DropoutMask mask, Tensor y) {
    Nd4jTensor factors = scratch.take("factors", x.length());
    load(mask.factors(Math.toIntExact(x.length())), factors);
    vector(x).muli(factors.array(), vector(y));
  }

  @Override
  public void tanh(Tensor x, Tensor y) {
    execute(new Tanh(vector(x), vector(y)));
  }

  @Override
  public void tanhGradient(Tensor y, Tensor dy, Tensor dx) {
    INDArray derivative = scratch.take("derivative", y.length()).array();
    vector(y).muli(vector(y), derivative);
    derivative.rsubi(1);
    vector(dy).muli(derivative, vector(dx));
  }

  private enum Operand {
    PLAIN,
    TRANSPOSED
  }

  /** Matrix products over the last two axes, one per index of the leading axes. */
  private static void multiply(
      INDArray a, Operand sideA, INDArray b, Operand sideB, double factor, INDArray into) {
    MMulTranspose sides =
        MMulTranspose.builder()
            .transposeA(sideA == Operand.TRANSPOSED)
            .transposeB(sideB == Operand.TRANSPOSED)
            .build();
    execute(new Mmul(a, b, into, factor, 0, sides));
  }

  @Override
  public void addBranch(Tensor x, Tensor branch, Tensor keep, Tensor y) {
    maskBranch(branch, keep, y);
    vector(y).addi(vector(x));
  }

  @Override
  public void add(Tensor x, Tensor y) {
    vector(y).addi(vector(x));
  }

  @Override
  public void maskBranch(Tensor x, Tensor keep, Tensor y) {
    long blocks = keep.length();
    long size = x.length() / blocks;
    execute(
        new MulOp(
            ((Nd4jTensor) x).rowMajorView(blocks, size).array(),
            column(keep),
            ((Nd4jTensor) y).rowMajorView(blocks, size).array()));
  }

  @Override
  public void addPositions(Tensor tokens, Tensor positions, Tensor y) {
    long blocks = tokens.shape()[0];
    long size = positions.length();
    execute(
        new AddOp(
            ((Nd4jTensor) tokens).rowMajorView(blocks, size).array(),
            row(positions),
            ((Nd4jTensor) y).rowMajorView(blocks, size).array()));
  }

  @Override
  public void prependToken(Tensor tokens, Tensor token, Tensor positions, Tensor y) {
    Nd4jTensor all = (Nd4jTensor) positions;
    long[] shape = tokens.shape();
    INDArray first = scratch.take("token", shape[2]).array();
    vector(token).addi(array(all.rowMajor(0, shape[2])), first);
    INDArray firstRows = firstRows(y);
    execute(new BroadcastCopyOp(firstRows, first, firstRows, 1));
    execute(
        new AddOp(
            array(tokens), array(all.rowMajor(shape[2], 1, shape[1], shape[2])), laterRows(y)));
  }

  @Override
  public void addPositionsGradient(Tensor dy, Tensor dPositions) {
    long[] shape = dy.shape();
    sumRows(((Nd4jTensor) dy).rowMajorView(shape[0], shape[1] * shape[2]).columns(), dPositions);
  }

  @Override
  public void firstToken(Tensor x, Tensor y) {
    array(y).assign(firstRows(x));
  }

  @Override
  public void firstTokenGradient(Tensor dy, Tensor dx) {
    array(dx).assign(0);
    firstRows(dx).assign(array(dy));
  }

  @Override
  public void dropFirstToken(Tensor dy, Tensor dx) {
    array(dx).assign(laterRows(dy));
  }

  @Override
  public void sumTokens(Tensor x, double factor, Tensor y) {
    execute(new Sum(array(x), array(y), false, 1));
    array(y).muli(factor);
  }

  @Override
  public void sumTokensGradient(Tensor dy, double factor, Tensor dx) {
    execute(new BroadcastCopyOp(array(dx), array(dy), array(dx), 0, 2));
    array(dx).muli(factor);
  }

  @Override
  public void maxTokens(Tensor x, Tensor y) {
    execute(new Max(array(x), array(y), false, 1));
  }

  @Override
  public void maxTokensGradient(Tensor x, Tensor y, Tensor dy, Tensor dx) {
    execute(new BroadcastCopyOp(array(dx), array(y), array(dx), 0, 2));
    try (INDArray largest = array(x).eq(array(dx));
        INDArray mask = largest.castTo(type)) {
      long[] shape = x.shape();
      Nd4jTensor gradients = ((Nd4jTensor) dy).rowMajorView(shape[0], 1, shape[2]);
      try (INDArray ties = mask.sum(true, 1);
          INDArray shares = gradients.array().div(ties)) {
        execute(new MulOp(mask, shares, array(dx)));
      }
    }
  }

  @Override
  public void fill(Tensor y, double value) {
    array(y).assign(value);
  }

  @Override
  public void copy(Tensor x, Tensor y) {
    array(y).assign(array(x));
  }

  @Override
  public double sumOfSquares(Tensor x) {
    double squares = 0;
    for (long start = 0; start < x.length(); start += NORM_PIECE) {
      long length = Math.min(NORM_PIECE, x.length() - start);
      double piece = array(x.rowMajor(start, length)).norm2Number().doubleValue();
      squares += piece * piece;
    }
    return squares;
  }

  @Override
  public void descend(Tensor gradient, List<Tensor> states, Tensor parameters, Descent descent) {
    INDArray g = array(gradient);
    INDArray w = array(parameters);
    g.divi(descent.divisor());
    if (descent.shrink() != 1) {
      g.muli(descent.shrink());
    }
    if (descent.rule() instanceof Sgd sgd) {
      descend(g, array(states.get(0)), w, sgd, descent);
    } else if (descent.rule() instanceof AdamW adam) {
      descend(g, array(states.get(0)), array(states.get(1)), w, adam, descent);
    } else if (descent.rule() instanceof Lion lion) {
      descend(g, array(states.get(0)), w, lion, descent);
    }
  }

  private static void descend(INDArray g, INDArray v, INDArray w, Sgd sgd, Descent descent) {
    v.muli(sgd.momentum()).addi(g);
    v.muli(descent.rate(), g);
    if (descent.factor() != 1) {
      g.muli(descent.factor());
    }
    w.subi(g);
    if (descent.keep() != 1) {
      w.muli(descent.keep());
    }
  }

  private static void descend(
      INDArray g, INDArray m, INDArray v, INDArray w, AdamW adam, Descent descent) {
    follow(m, g, adam.beta1());
    g.muli(g);
    follow(v, g, adam.beta2());
    g.assign(v);
    Transforms.sqrt(g, false);
    g.divi(Math.sqrt(adam.secondShare(descent.updates()))).addi(adam.epsilon());
    g.rdivi(m);
    w.muli(descent.keep());
    double rate = descent.rate() * descent.factor();
    w.subi(g.muli(rate / adam.firstShare(descent.updates())));
  }

  private static void descend(INDArray g, INDArray m, INDArray w, Lion lion, Descent descent) {
    try (INDArray step = m.dup()) {
      follow(step, g, lion.beta1());
      Transforms.sign(step, false);
      w.muli(descent.keep()).subi(step.muli(descent.rate() * descent.factor()));
    }
    follow(m, g, lion.beta2());
  }

  /** {@code m <- kept m + (1 - kept) g} without another vector. */
  private static void follow(INDArray m, INDArray g, double kept) {
    m.muli(kept / (1 - kept)).addi(g).muli(1 - kept);
  }

  @Override
  public void close() {
    owned.forEach(tensor -> tensor.array().close());
    owned.clear();
    scratch.close();
  }

  /** {@code [b, d]}: token 0 of {@code [b, n, d]}. */
  private static INDArray firstRows(Tensor tokens) {
    long[] shape = tokens.shape();
    return array(
        tokens.view(0, new long[] {shape[0], shape[2]}, new long[] {shape[1] * shape[2], 1}));
  }

  /** {@code [b, n - 1, d]}: all but token 0 of {@code [b, n, d]}. */
  private static INDArray laterRows(Tensor tokens) {
    long[] shape = tokens.shape();
    return array(
        tokens.view(
            shape[2],
            new long[] {shape[0], shape[1] - 1, shape[2]},
            Tensor.rowMajorStrides(shape)));
  }

  /** Sums over n of {@code [d, n]}. */
  private void sumRows(INDArray columns, Tensor sums) {
    INDArray ones = scratch.ones(columns.size(1)).column();
    Nd4j.gemm(columns, ones, column(sums), false, false, 1, 0);
  }

  private static INDArray array(Tensor tensor) {
    return ((Nd4jTensor) tensor).array();
  }

  private static INDArray rows(Tensor tensor) {
    return ((Nd4jTensor) tensor).rows();
  }

  private static INDArray columns(Tensor tensor) {
    return ((Nd4jTensor) tensor).columns();
  }

  private static INDArray row(Tensor tensor) {
    return ((Nd4jTensor) tensor).row();
  }

  private static INDArray column(Tensor tensor) {
    return ((Nd4jTensor) tensor).column();
  }

  private static INDArray vector(Tensor tensor) {
    return ((Nd4jTensor) tensor).vector();
  }

  private static void execute(Op op) {
    Nd4j.getExecutioner().exec(op);
  }

  private static void execute(CustomOp op) {
    Nd4j.getExecutioner().exec(op);
  }
}
