package vivit.model.network;

import vivit.model.engine.Tensor;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.Parameter.Order;
import vivit.model.parameter.ParameterIndex;

/** The named tensors of one flat vector of parameters or gradients. */
final class FlatTensors {

  private final ParameterIndex index;
  private final Tensor flat;

  FlatTensors(ParameterIndex index, Tensor flat) {
    if (flat.length() != index.length()) {
      throw new IllegalArgumentException(
          "The flat vector has %d elements, expected %d".formatted(flat.length(), index.length()));
    }
    this.index = index;
    this.flat = flat;
  }

  /** A parameter as a tensor of one axis. */
  Tensor vector(String name) {
    Parameter parameter = index.parameter(name);
    return flat.rowMajor(parameter.offset(), parameter.length());
  }

  /** A parameter {@code [1, n, d]} as {@code [n, d]}. */
  Tensor table(String name) {
    Parameter parameter = index.parameter(name);
    long[] shape = parameter.shape();
    return flat.rowMajor(parameter.offset(), shape[1], shape[2]);
  }

  /** A kernel {@code [in, out]}, input index fastest. */
  Tensor kernel(String name) {
    Parameter parameter = index.parameter(name);
    return matrix(parameter, parameter.columns());
  }

  /** Consecutive vectors of equal length as one vector. */
  Tensor packedVector(String first, String... others) {
    Parameter parameter = index.parameter(first);
    requireAdjacent(parameter, others);
    return flat.rowMajor(parameter.offset(), parameter.length() * (1 + others.length));
  }

  /** Consecutive kernels of equal size as one kernel, side by side. */
  Tensor packedKernel(String first, String... others) {
    Parameter parameter = index.parameter(first);
    requireAdjacent(parameter, others);
    return matrix(parameter, parameter.columns() * (1 + others.length));
  }

  private Tensor matrix(Parameter parameter, long columns) {
    if (parameter.order() != Order.COLUMN_MAJOR) {
      throw new IllegalArgumentException(parameter + " is not a kernel");
    }
    return flat.view(
        parameter.offset(),
        new long[] {parameter.rows(), columns},
        new long[] {1, parameter.rows()});
  }

  private void requireAdjacent(Parameter first, String... others) {
    long end = first.offset();
    for (String other : others) {
      end += first.length();
      if (index.parameter(other).offset() != end) {
        throw new IllegalArgumentException(
            "Parameter %s does not follow %s".formatted(other, first.name()));
      }
    }
  }
}
