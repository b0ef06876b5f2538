package vivit.model.engine;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/**
 * The engine for CPUs, in float32: oneDNN's single-threaded kernels on parts of every operation,
 * run by a crew of Java threads, and loops over small arrays where a kernel does not pay off.
 *
 * <p>Tensors are ND4J's off-heap memory. Kernels and scratch memory are created once per shape. How
 * an operation is cut into parts depends on its shape alone, so results are the same to the bit for
 * any number of threads; they depend on the instructions of the CPU.
 */
public final class OneDnnEngine implements Engine {

  private final Team team;
  private final Products products;
  private final BlockedAttention attention;
  private final TiledAttention tiledAttention;
  private final LayerNorms layerNorms;
  private final Elementwise elementwise;
  private final TokenRows tokenRows;
  private final Set<CpuTensor> owned = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Creates an engine with {@link Threads#perTask} threads, including the caller's. */
  public OneDnnEngine() {
    this(Threads.perTask());
  }

  /** Creates an engine with a number of threads, including the caller's; at least 1. */
  public OneDnnEngine(int threads) {
    team = new Team(threads);
    products = new Products(team);
    attention = new BlockedAttention(team);
    tiledAttention = new TiledAttention(team);
    layerNorms = new LayerNorms(team, products);
    elementwise = new Elementwise(team);
    tokenRows = new TokenRows(team);
  }

  @Override
  public String description() {
    return "oneDNN FLOAT, %d threads".formatted(team.threads());
  }

  @Override
  public Tensor allocate(long... shape) {
    CpuTensor tensor =
        CpuTensor.of(Nd4j.createUninitializedDetached(DataType.FLOAT, shape.clone()));
    owned.add(tensor);
    return tensor;
  }

  @Override
  public void release(Tensor tensor) {
    if (!owned.remove((CpuTensor) tensor)) {
      throw new IllegalArgumentException("The tensor does not belong to this engine or is a view");
    }
    cpu(tensor).owner().close();
  }

  @Override
  public Tensor adopt(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "Array of type %s in an engine of type FLOAT; convert it with castTo"
              .formatted(array.dataType()));
    }
    return CpuTensor.of(array);
  }

  @Override
  public void load(double[] values, Tensor into) {
    if (values.length != into.length()) {
      throw new IllegalArgumentException(
          "Cannot load %d numbers into %s".formatted(values.length, Arrays.toString(into.shape())));
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    new Address().to(cpu(into), 0).put(floats, 0, floats.length);
  }

  @Override
  public double[] read(Tensor x) {
    float[] floats = new float[Math.toIntExact(x.length())];
    new Address().to(cpu(x), 0).get(floats, 0, floats.length);
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  @Override
  public void linear(Tensor x, Tensor kernel, Tensor bias, Tensor y) {
    products.linear(cpu(x), cpu(kernel), cpu(bias), Optional.empty(), cpu(y));
  }

  @Override
  public void linearResidual(Tensor x, Tensor kernel, Tensor bias, Tensor residual, Tensor y) {
    products.linear(cpu(x), cpu(kernel), cpu(bias), Optional.of(cpu(residual)), cpu(y));
  }

  @Override
  public void linearInputGradient(Tensor dy, Tensor kernel, Tensor dx) {
    products.inputGradient(cpu(dy), cpu(kernel), cpu(dx));
  }

  @Override
  public void linearParameterGradient(Tensor x, Tensor dy, Tensor dKernel, Tensor dBias) {
    products.parameterGradient(cpu(x), cpu(dy), cpu(dKernel), cpu(dBias));
  }

  @Override
  public void gelu(Tensor x, Tensor y) {
    elementwise.map(cpu(x), Lanes::gelu, cpu(y));
  }

  @Override
  public void geluGradient(Tensor x, Tensor dy, Tensor dx) {
    elementwise.zip(cpu(dy), cpu(x), Lanes::geluGradient, cpu(dx));
  }

  @Override
  public void layerNorm(Tensor x, Tensor scale, Tensor bias, Tensor statistics, Tensor y) {
    layerNorms.forward(cpu(x), cpu(scale), cpu(bias), cpu(statistics), cpu(y));
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
    layerNorms.gradient(
        cpu(x), cpu(statistics), cpu(scale), cpu(dy), cpu(dx), cpu(dScale), cpu(dBias));
  }

  /** Shape of the probabilities for short sequences, of shift and sum per row for long ones. */
  @Override
  public long[] attentionStash(long[] packed, HeadRange heads) {
    return keptByAttention(packed, heads);
  }

  /** Shape of the stash of an attention; see {@link Engine#attentionStash}. */
  public static long[] keptByAttention(long[] packed, HeadRange heads) {
    return BlockedAttention.stash(packed, heads);
  }

  @Override
  public void attention(
      Tensor packed, HeadRange heads, Optional<DropoutMask> dropout, Tensor stash, Tensor out) {
    if (dropout.isEmpty() && TiledAttention.suits(packed.shape(), heads)) {
      tiledAttention.forward(cpu(packed), heads, cpu(stash), cpu(out));
    } else {
      attention.forward(cpu(packed), heads, dropout, cpu(stash), cpu(out));
    }
  }

  @Override
  public void attentionGradient(
      Tensor packed,
      HeadRange heads,
      Optional<DropoutMask> dropout,
      Tensor stash,
      Tensor out,
      Tensor dOut,
      Tensor dPacked) {
    if (dropout.isEmpty() && TiledAttention.suits(packed.shape(), heads)) {
      tiledAttention.gradient(cpu(packed), heads, cpu(stash), cpu(out), cpu(dOut), cpu(dPacked));
    } else {
      attention.gradient(cpu(packed), heads, dropout, cpu(stash), cpu(dOut), cpu(dPacked));
    }
  }

  @Override
  public void dropout(Tensor x, DropoutMask mask, Tensor y) {
    elementwise.dropout(cpu(x), mask, cpu(y));
  }

  @Override
  public void tanh(Tensor x, Tensor y) {
    elementwise.map(cpu(x), Lanes::tanh, cpu(y));
  }

  @Override
  public void tanhGradient(Tensor y, Tensor dy, Tensor dx) {
    elementwise.zip(cpu(dy), cpu(y), Lanes::tanhGradient, cpu(dx));
  }

  @Override
  public void addBranch(Tensor x, Tensor branch, Tensor keep, Tensor y) {
    elementwise.addScaled(cpu(x), cpu(branch), cpu(keep), cpu(y));
  }

  @Override
  public void add(Tensor x, Tensor y) {
    elementwise.zip(cpu(y), cpu(x), Lanes::add, cpu(y));
  }

  @Override
  public void maskBranch(Tensor x, Tensor keep, Tensor y) {
    elementwise.scale(cpu(x), cpu(keep), cpu(y));
  }

  @Override
  public void addPositions(Tensor tokens, Tensor positions, Tensor y) {
    tokenRows.addPositions(cpu(tokens), cpu(positions), cpu(y));
  }

  @Override
  public void prependToken(Tensor tokens, Tensor token, Tensor positions, Tensor y) {
    tokenRows.prepend(cpu(tokens), cpu(token), cpu(positions), cpu(y));
  }

  @Override
  public void addPositionsGradient(Tensor dy, Tensor dPositions) {
    CpuTensor gradient = cpu(dy);
    long size = cpu(dPositions).length();
    products.sumRows(
        new Address().to(gradient, 0), gradient.length() / size, size, cpu(dPositions));
  }

  @Override
  public void firstToken(Tensor x, Tensor y) {
    tokenRows.first(cpu(x), cpu(y));
  }

  @Override
  public void firstTokenGradient(Tensor dy, Tensor dx) {
    tokenRows.firstGradient(cpu(dy), cpu(dx));
  }

  @Override
  public void dropFirstToken(Tensor dy, Tensor dx) {
    tokenRows.dropFirst(cpu(dy), cpu(dx));
  }

  @Override
  public void sumTokens(Tensor x, double factor, Tensor y) {
    tokenRows.sum(cpu(x), (float) factor, cpu(y));
  }

  @Override
  public void sumTokensGradient(Tensor dy, double factor, Tensor dx) {
    tokenRows.sumGradient(cpu(dy), (float) factor, cpu(dx));
  }

  @Override
  public void maxTokens(Tensor x, Tensor y) {
    tokenRows.max(cpu(x), cpu(y));
  }

  @Override
  public void maxTokensGradient(Tensor x, Tensor y, Tensor dy, Tensor dx) {
    tokenRows.maxGradient(cpu(x), cpu(y), cpu(dy), cpu(dx));
  }

  @Override
  public void fill(Tensor y, double value) {
    elementwise.fill(cpu(y), (float) value);
  }

  @Override
  public void copy(Tensor x, Tensor y) {
    boolean gapless = cpu(x).gapless() && cpu(y).gapless() && x.length() == y.length();
    if (!gapless && !Arrays.equals(x.shape(), y.shape())) {
      throw new IllegalArgumentException(
          "Cannot copy %s to %s".formatted(Arrays.toString(x.shape()), Arrays.toString(y.shape())));
    }
    elementwise.copy(cpu(x), cpu(y));
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return elementwise.sumOfSquares(cpu(x));
  }

  @Override
  public void descend(Tensor gradient, List<Tensor> states, Tensor parameters, Descent descent) {
    List<CpuTensor> onCpu = states.stream().map(OneDnnEngine::cpu).toList();
    elementwise.descend(cpu(gradient), onCpu, cpu(parameters), descent);
  }

  @Override
  public void close() {
    owned.forEach(tensor -> tensor.owner().close());
    owned.clear();
    team.close();
    products.close();
    attention.close();
    tiledAttention.close();
    layerNorms.close();
  }

  private static CpuTensor cpu(Tensor tensor) {
    return (CpuTensor) tensor;
  }
}
