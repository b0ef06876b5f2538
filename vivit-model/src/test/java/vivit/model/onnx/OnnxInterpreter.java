package vivit.model.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import onnx.Onnx;

/**
 * Runs an ONNX graph in double, node by node, as the operators' documentation for opset 17 reads;
 * knows only the operators that the writer uses.
 */
final class OnnxInterpreter {

  private final Onnx.GraphProto graph;
  private final Map<String, Values> known = new HashMap<>();

  private OnnxInterpreter(Onnx.GraphProto graph) {
    this.graph = graph;
  }

  /** Every value of the graph by name. */
  static Map<String, Values> run(byte[] file, Map<String, Values> inputs) throws IOException {
    Onnx.ModelProto model = Onnx.ModelProto.parseFrom(file);
    OnnxInterpreter interpreter = new OnnxInterpreter(model.getGraph());
    interpreter.run(inputs);
    return interpreter.known;
  }

  private void run(Map<String, Values> inputs) {
    known.putAll(inputs);
    graph.getInitializerList().forEach(tensor -> define(tensor.getName(), read(tensor)));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      List<Values> arguments = node.getInputList().stream().map(this::value).toList();
      define(node.getOutput(0), new Node(node, arguments).result());
    }
  }

  private void define(String name, Values values) {
    if (known.put(name, values) != null) {
      throw new IllegalArgumentException("Two values are called " + name);
    }
  }

  private Values value(String name) {
    return Optional.ofNullable(known.get(name))
        .orElseThrow(() -> new IllegalArgumentException("Nothing is called " + name + " so far"));
  }

  private static Values read(Onnx.TensorProto tensor) {
    int[] shape = tensor.getDimsList().stream().mapToInt(Long::intValue).toArray();
    ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    boolean isFloat = tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE;
    double[] data = new double[bytes.remaining() / (isFloat ? Float.BYTES : Long.BYTES)];
    for (int i = 0; i < data.length; i++) {
      data[i] = isFloat ? bytes.getFloat() : bytes.getLong();
    }
    return new Values(shape, data);
  }

  /** An operator, its attributes and its inputs. */
  private record Node(Onnx.NodeProto node, List<Values> inputs) {

    private Values result() {
      Values x = inputs.get(0);
      return switch (node.getOpType()) {
        case "Add" -> pairs(Double::sum);
        case "Mul" -> pairs((a, b) -> a * b);
        case "Tanh" -> Values.of(x.shape(), i -> Math.tanh(x.at(i)));
        case "MatMul" -> matMul(x, inputs.get(1));
        case "Softmax" -> softmax(x, (int) integer("axis", -1));
        case "LayerNormalization" -> layerNorm(x, inputs.get(1), inputs.get(2));
        case "Reshape" -> reshape(x, inputs.get(1).integers());
        case "Transpose" -> transpose(x, integers("perm"));
        case "Concat" -> Values.concat((int) integer("axis", 0), inputs);
        case "Slice" -> slice(x);
        case "Gather" -> gather(x, inputs.get(1).integers(), (int) integer("axis", 0));
        case "Shape" -> shape(x, (int) integer("start", 0), (int) integer("end", x.axes()));
        case "Expand" ->
            Values.of(Values.broadcast(x.shape(), inputs.get(1).integers()), i -> x.at(i));
        case "ReduceMean", "ReduceMax" -> reduce(x, integers("axes"));
        case "ReduceSum" -> reduce(x, inputs.get(1).integers());
        default -> throw new IllegalArgumentException("Operator " + node.getOpType());
      };
    }

    private Values pairs(DoubleBinaryOperator operator) {
      Values a = inputs.get(0);
      Values b = inputs.get(1);
      return Values.of(
          Values.broadcast(a.shape(), b.shape()), i -> operator.applyAsDouble(a.at(i), b.at(i)));
    }

    private static Values matMul(Values a, Values b) {
      int rows = a.size(-2);
      int inner = a.size(-1);
      if (b.size(-2) != inner) {
        throw new IllegalArgumentException(
            Arrays.toString(a.shape()) + " times " + Arrays.toString(b.shape()));
      }
      int[] batch =
          Values.broadcast(
              Arrays.copyOf(a.shape(), a.axes() - 2), Arrays.copyOf(b.shape(), b.axes() - 2));
      int[] shape = Arrays.copyOf(batch, batch.length + 2);
      shape[batch.length] = rows;
      shape[batch.length + 1] = b.size(-1);
      return Values.of(
          shape,
          i -> {
            int[] left = i.clone();
            int[] right = i.clone();
            double sum = 0;
            for (int k = 0; k < inner; k++) {
              left[i.length - 1] = k;
              right[i.length - 2] = k;
              sum += a.at(left) * b.at(right);
            }
            return sum;
          });
    }

    private static Values softmax(Values x, int axis) {
      requireLast(x, axis);
      int n = x.size(-1);
      double[] result = new double[x.data().length];
      for (int row = 0; row < result.length; row += n) {
        double largest = Arrays.stream(x.data(), row, row + n).max().orElseThrow();
        double sum = 0;
        for (int i = row; i < row + n; i++) {
          result[i] = Math.exp(x.data()[i] - largest);
          sum += result[i];
        }
        for (int i = row; i < row + n; i++) {
          result[i] /= sum;
        }
      }
      return new Values(x.shape(), result);
    }

    private Values layerNorm(Values x, Values scale, Values bias) {
      requireLast(x, (int) integer("axis", -1));
      double epsilon = attribute("epsilon").orElseThrow().getF();
      int n = x.size(-1);
      double[] result = new double[x.data().length];
      for (int row = 0; row < result.length; row += n) {
        double mean = Arrays.stream(x.data(), row, row + n).average().orElseThrow();
        double variance =
            Arrays.stream(x.data(), row, row + n)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        for (int i = 0; i < n; i++) {
          double normal = (x.data()[row + i] - mean) / Math.sqrt(variance + epsilon);
          result[row + i] = normal * scale.at(i) + bias.at(i);
        }
      }
      return new Values(x.shape(), result);
    }

    private static Values reshape(Values x, int[] wanted) {
      int[] shape = wanted.clone();
      for (int axis = 0; axis < shape.length; axis++) {
        if (wanted[axis] == -1) {
          shape[axis] = -x.data().length / Values.elements(wanted);
        }
      }
      return new Values(shape, x.data());
    }

    private static Values transpose(Values x, int[] order) {
      return Values.of(
          IntStream.of(order).map(x::size).toArray(),
          i -> {
            int[] from = new int[i.length];
            for (int axis = 0; axis < i.length; axis++) {
              from[order[axis]] = i[axis];
            }
            return x.at(from);
          });
    }

    private Values slice(Values x) {
      int from = inputs.get(1).integers()[0];
      int to = Math.min(inputs.get(2).integers()[0], x.size(inputs.get(3).integers()[0]));
      return gather(x, IntStream.range(from, to).toArray(), inputs.get(3).integers()[0]);
    }

    private static Values gather(Values x, int[] indices, int axis) {
      return Values.of(
          Values.with(x.shape(), axis, indices.length),
          i -> x.at(Values.with(i, axis, indices[i[axis]])));
    }

    private static Values shape(Values x, int start, int end) {
      return Values.of(new int[] {end - start}, i -> x.size(start + i[0]));
    }

    private Values reduce(Values x, int[] axes) {
      int axis = axes[0];
      if (axes.length != 1 || integer("keepdims", 1) != 0) {
        throw new IllegalArgumentException(node + " does not drop one axis");
      }
      int[] shape = IntStream.range(0, x.axes()).filter(i -> i != axis).map(x::size).toArray();
      return Values.of(
          shape,
          i -> {
            double[] line =
                IntStream.range(0, x.size(axis))
                    .mapToDouble(k -> x.at(inserted(i, axis, k)))
                    .toArray();
            return switch (node.getOpType()) {
              case "ReduceMean" -> Arrays.stream(line).average().orElseThrow();
              case "ReduceMax" -> Arrays.stream(line).max().orElseThrow();
              default -> Arrays.stream(line).sum();
            };
          });
    }

    private static int[] inserted(int[] index, int axis, int value) {
      return IntStream.rangeClosed(0, index.length)
          .map(i -> i == axis ? value : index[i < axis ? i : i - 1])
          .toArray();
    }

    private static void requireLast(Values x, int axis) {
      if (axis != -1 && axis != x.axes() - 1) {
        throw new IllegalArgumentException("Axis " + axis + " is not the last");
      }
    }

    private Optional<Onnx.AttributeProto> attribute(String name) {
      return node.getAttributeList().stream()
          .filter(attribute -> attribute.getName().equals(name))
          .findFirst();
    }

    private long integer(String name, long otherwise) {
      return attribute(name).map(Onnx.AttributeProto::getI).orElse(otherwise);
    }

    private int[] integers(String name) {
      return attribute(name).orElseThrow().getIntsList().stream()
          .mapToInt(Long::intValue)
          .toArray();
    }
  }
}
