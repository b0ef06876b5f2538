package vivit.spark.probe;

import java.util.List;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Engine.Descent;
import vivit.model.engine.Tensor;
import vivit.model.engine.UpdateRule;
import vivit.model.network.Heads.Classifier;

/**
 * The parameters of one probe, their gradients and AdamW's moments: flat vectors, kernels first,
 * because only kernels decay.
 */
final class ProbeVector {
  private static final UpdateRule.AdamW RULE = new UpdateRule.AdamW(0.9, 0.999, 1e-8);

  private final Engine engine;
  private final long kernels;
  private final long length;
  private final Tensor values;
  private final Tensor gradients;
  private final List<Tensor> states;
  private long nextKernel;
  private long nextVector;

  /** A parameter and where its gradient goes. */
  record Weight(Tensor value, Tensor gradient) {

    /** The columns of a kernel from {@code first} on. */
    Weight columns(long first, long count) {
      return new Weight(columns(value, first, count), columns(gradient, first, count));
    }

    private static Tensor columns(Tensor kernel, long first, long count) {
      long in = kernel.shape()[0];
      return kernel.view(first * in, new long[] {in, count}, new long[] {1, in});
    }

    /** The elements of a vector from {@code first} on. */
    Weight elements(long first, long count) {
      return new Weight(value.rowMajor(first, count), gradient.rowMajor(first, count));
    }
  }

  /**
   * Allocates zeros.
   *
   * @param kernels number of all kernels' elements
   * @param vectors number of all other elements
   */
  ProbeVector(Engine engine, Arena memory, long kernels, long vectors) {
    this.engine = engine;
    this.kernels = kernels;
    this.length = kernels + vectors;
    this.values = zeros(memory);
    this.gradients = zeros(memory);
    this.states = List.of(zeros(memory), zeros(memory));
    this.nextVector = kernels;
  }

  private Tensor zeros(Arena memory) {
    Tensor tensor = memory.take(length);
    engine.fill(tensor, 0);
    return tensor;
  }

  /** The next kernel, {@code [in, out]}. */
  Weight kernel(long in, long out) {
    long[] shape = {in, out};
    long[] strides = {1, in};
    Weight kernel =
        new Weight(
            values.view(nextKernel, shape, strides), gradients.view(nextKernel, shape, strides));
    nextKernel += in * out;
    return kernel;
  }

  /** The next of the other parameters, {@code [n]}. */
  Weight vector(long n) {
    Weight vector = new Weight(values.rowMajor(nextVector, n), gradients.rowMajor(nextVector, n));
    nextVector += n;
    return vector;
  }

  static Classifier classifier(Weight kernel, Weight bias) {
    return new Classifier(kernel.value(), bias.value(), kernel.gradient(), bias.gradient());
  }

  /** All parameters, kernels first. */
  Tensor values() {
    return values;
  }

  /** Their gradients. */
  Tensor gradients() {
    return gradients;
  }

  /**
   * One step of AdamW.
   *
   * @param update number of this step, from 1
   * @param clips the gradient is a sum over so many
   */
  void descend(long update, int clips, double rate, double weightDecay) {
    descend(0, kernels, update, clips, rate, 1 - rate * weightDecay);
    descend(kernels, length - kernels, update, clips, rate, 1);
  }

  private void descend(long from, long count, long update, int clips, double rate, double keep) {
    engine.descend(
        gradients.rowMajor(from, count),
        states.stream().map(state -> state.rowMajor(from, count)).toList(),
        values.rowMajor(from, count),
        new Descent(RULE, update, clips, 1, rate, 1, keep));
  }
}
