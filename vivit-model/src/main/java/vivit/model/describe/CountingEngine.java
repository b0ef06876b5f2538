package vivit.model.describe;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.engine.Engine;
import vivit.model.engine.OneDnnEngine;
import vivit.model.engine.ScratchMemory;
import vivit.model.engine.Tensor;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/**
 * Counts the multiply-adds of matrix products, and memory, without computing anything. As usual,
 * softmax, layer norm, GELU and sums are not counted.
 */
final class CountingEngine implements Engine {

  private long multiplyAdds;
  private long allocated;
  private final ScratchMemory scratch;

  /** Counts the memory of a {@link OneDnnEngine} with this number of threads. */
  CountingEngine(int threads) {
    scratch = new ScratchMemory(threads);
  }

  /** Bytes that {@link OneDnnEngine} would allocate in addition to all tensors. */
  long scratchBytes() {
    return scratch.bytes();
  }

  /** Multiply-adds of all matrix products so far. */
  long multiplyAdds() {
    return multiplyAdds;
  }

  /** Elements of all tensors allocated and not released. */
  long allocated() {
    return allocated;
  }

  @Override
  public String description() {
    return "counting only";
  }

  @Override
  public Tensor allocate(long... shape) {
    Tensor tensor = new ShapeTensor(shape.clone());
    allocated += tensor.length();
    return tensor;
  }

  @Override
  public void release(Tensor tensor) {
    allocated -= tensor.length();
  }

  @Override
  public Tensor adopt(INDArray array) {
    return new ShapeTensor(array.shape());
  }

  /** Counts {@code [n, in]} times {@code [in, out]}. */
  private void product(Tensor rows, Tensor kernel) {
    long width = rows.shape()[rows.shape().length - 1];
    multiplyAdds += rows.length() / width * kernel.length();
  }

  @Override
  public void linear(Tensor x, Tensor kernel, Tensor bias, Tensor y) {
    product(x, kernel);
  }

  @Override
  public void linearResidual(Tensor x, Tensor kernel, Tensor bias, Tensor residual, Tensor y) {
    product(x, kernel);
  }

  @Override
  public void linearInputGradient(Tensor dy, Tensor kernel, Tensor dx) {
    product(dy, kernel);
  }

  @Override
  public void linearParameterGradient(Tensor x, Tensor dy, Tensor dKernel, Tensor dBias) {
    product(x, dKernel);
    scratch.linearParameterGradient(x, dy);
  }

  @Override
  public long[] attentionStash(long[] packed, HeadRange heads) {
    return OneDnnEngine.keptByAttention(packed, heads);
  }

  @Override
  public void attention(
      Tensor packed, HeadRange heads, Optional<DropoutMask> dropout, Tensor stash, Tensor out) {
    multiplyAdds += 2 * pairs(packed, heads) * headWidth(out, heads);
    scratch.attention(packed, heads);
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
    multiplyAdds += 4 * pairs(packed, heads) * headWidth(dOut, heads);
    scratch.attentionGradient(packed, heads);
  }

  /** Number of query-key pairs, over all sequences and heads. */
  private static long pairs(Tensor packed, HeadRange heads) {
    long[] shape = packed.shape();
    long tokens = shape[shape.length - 2];
    return packed.length() / shape[shape.length - 1] * tokens * heads.count();
  }

  private static long headWidth(Tensor out, HeadRange heads) {
    return out.shape()[out.shape().length - 1] / heads.heads();
  }

  @Override
  public double[] read(Tensor x) {
    return new double[Math.toIntExact(x.length())];
  }

  @Override
  public void load(double[] values, Tensor into) {}

  @Override
  public void gelu(Tensor x, Tensor y) {}

  @Override
  public void geluGradient(Tensor x, Tensor dy, Tensor dx) {}

  @Override
  public void layerNorm(Tensor x, Tensor scale, Tensor bias, Tensor statistics, Tensor y) {}

  @Override
  public void layerNormGradient(
      Tensor x,
      Tensor statistics,
      Tensor scale,
      Tensor dy,
      Tensor dx,
      Tensor dScale,
      Tensor dBias) {
    scratch.layerNormGradient(x);
  }

  @Override
  public void dropout(Tensor x, DropoutMask mask, Tensor y) {}

  @Override
  public void tanh(Tensor x, Tensor y) {}

  @Override
  public void tanhGradient(Tensor y, Tensor dy, Tensor dx) {}

  @Override
  public void addBranch(Tensor x, Tensor branch, Tensor keep, Tensor y) {}

  @Override
  public void add(Tensor x, Tensor y) {}

  @Override
  public void maskBranch(Tensor x, Tensor keep, Tensor y) {}

  @Override
  public void addPositions(Tensor tokens, Tensor positions, Tensor y) {}

  @Override
  public void prependToken(Tensor tokens, Tensor token, Tensor positions, Tensor y) {}

  @Override
  public void addPositionsGradient(Tensor dy, Tensor dPositions) {}

  @Override
  public void firstToken(Tensor x, Tensor y) {}

  @Override
  public void firstTokenGradient(Tensor dy, Tensor dx) {}

  @Override
  public void dropFirstToken(Tensor dy, Tensor dx) {}

  @Override
  public void sumTokens(Tensor x, double factor, Tensor y) {}

  @Override
  public void sumTokensGradient(Tensor dy, double factor, Tensor dx) {}

  @Override
  public void maxTokens(Tensor x, Tensor y) {}

  @Override
  public void maxTokensGradient(Tensor x, Tensor y, Tensor dy, Tensor dx) {}

  @Override
  public void fill(Tensor y, double value) {}

  @Override
  public void copy(Tensor x, Tensor y) {}

  @Override
  public double sumOfSquares(Tensor x) {
    return 0;
  }

  @Override
  public void descend(Tensor gradient, List<Tensor> states, Tensor parameters, Descent descent) {}

  @Override
  public void close() {}

  /** A tensor that has a shape but no memory. */
  record ShapeTensor(long[] sizes) implements Tensor {

    @Override
    public long[] shape() {
      return sizes.clone();
    }

    @Override
    public Tensor view(long offset, long[] shape, long[] strides) {
      return new ShapeTensor(shape.clone());
    }
  }
}
