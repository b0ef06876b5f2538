package vivit.model.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx;
import org.nd4j.shade.protobuf.ByteString;

/**
 * A graph under construction, in operators of opset {@value #OPSET}: each method appends a node and
 * returns the name of its result.
 */
final class Nodes {

  static final int OPSET = 17;

  private static final int FLOAT = Onnx.TensorProto.DataType.FLOAT_VALUE;
  private static final int INT64 = Onnx.TensorProto.DataType.INT64_VALUE;

  private final Onnx.GraphProto.Builder graph;
  private final Map<Object, String> constants = new HashMap<>();

  Nodes(Onnx.GraphProto.Builder graph) {
    this.graph = graph;
  }

  String matMul(String a, String b) {
    return node("MatMul", List.of(a, b));
  }

  String add(String a, String b) {
    return node("Add", List.of(a, b));
  }

  /** Sum of two values, under a given name. */
  void add(String a, String b, String result) {
    append(result, "Add", List.of(a, b));
  }

  String multiply(String a, String b) {
    return node("Mul", List.of(a, b));
  }

  String tanh(String x) {
    return node("Tanh", List.of(x));
  }

  /** Softmax over the last axis. */
  String softmax(String x) {
    return node("Softmax", List.of(x), integer("axis", -1));
  }

  /** Layer norm over the last axis. */
  String layerNorm(String x, String scale, String bias, double epsilon) {
    Onnx.AttributeProto small =
        attribute("epsilon", Onnx.AttributeProto.AttributeType.FLOAT).setF((float) epsilon).build();
    return node("LayerNormalization", List.of(x, scale, bias), integer("axis", -1), small);
  }

  /** Reshape; one size may be -1, which is inferred. */
  String reshape(String x, long... shape) {
    return node("Reshape", List.of(x, integers(shape)));
  }

  /** Transpose: axis {@code i} of the result is axis {@code order[i]} of {@code x}. */
  String transpose(String x, long... order) {
    return node("Transpose", List.of(x), integers("perm", order));
  }

  String concat(long axis, List<String> parts) {
    return parts.size() == 1 ? parts.get(0) : node("Concat", parts, integer("axis", axis));
  }

  /** Elements {@code from} to before {@code to} of one axis. */
  String slice(String x, long axis, long from, long to) {
    return node("Slice", List.of(x, integers(from), integers(to), integers(axis)));
  }

  /** Elements of one axis by index, in any order. */
  String gather(String x, long axis, long... indices) {
    return node("Gather", List.of(x, integers(indices)), integer("axis", axis));
  }

  /** Repeats {@code [1, ...]} to {@code [rows, ...]} with the rows of {@code like}. */
  String repeat(String x, String like, long... rest) {
    String rows = node("Shape", List.of(like), integer("start", 0), integer("end", 1));
    return node("Expand", List.of(x, concat(0, List.of(rows, integers(rest)))));
  }

  /** Mean over one axis, which is removed. */
  String mean(String x, long axis) {
    return node("ReduceMean", List.of(x), integers("axes", axis), integer("keepdims", 0));
  }

  /** Maximum over one axis, which is removed. */
  String max(String x, long axis) {
    return node("ReduceMax", List.of(x), integers("axes", axis), integer("keepdims", 0));
  }

  /** Sum over one axis, which is removed. */
  String sum(String x, long axis) {
    return node("ReduceSum", List.of(x, integers(axis)), integer("keepdims", 0));
  }

  /** A scalar constant. */
  String number(double value) {
    float number = (float) value;
    return constants.computeIfAbsent(
        number, key -> initialise("number_" + number, new float[] {number}));
  }

  private String integers(long... values) {
    return constants.computeIfAbsent(
        ByteBuffer.wrap(bytesOf(values)),
        key -> initialise("integers_" + constants.size(), INT64, bytesOf(values), values.length));
  }

  /** Adds an initialiser, row-major. */
  String initialise(String name, float[] values, long... shape) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    littleEndian(bytes).asFloatBuffer().put(values);
    return initialise(name, FLOAT, bytes, shape);
  }

  private String initialise(String name, int type, byte[] bytes, long... shape) {
    Onnx.TensorProto.Builder tensor = Onnx.TensorProto.newBuilder().setName(name).setDataType(type);
    for (long size : shape) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes)));
    return name;
  }

  private String node(String operator, List<String> inputs, Onnx.AttributeProto... attributes) {
    return append(operator + "_" + graph.getNodeCount(), operator, inputs, attributes);
  }

  private String append(
      String result, String operator, List<String> inputs, Onnx.AttributeProto... attributes) {
    graph.addNode(
        Onnx.NodeProto.newBuilder()
            .setName(result)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(result)
            .addAllAttribute(List.of(attributes)));
    return result;
  }

  private static Onnx.AttributeProto integer(String name, long value) {
    return attribute(name, Onnx.AttributeProto.AttributeType.INT).setI(value).build();
  }

  private static Onnx.AttributeProto integers(String name, long... values) {
    Onnx.AttributeProto.Builder attribute = attribute(name, Onnx.AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static Onnx.AttributeProto.Builder attribute(
      String name, Onnx.AttributeProto.AttributeType type) {
    return Onnx.AttributeProto.newBuilder().setName(name).setType(type);
  }

  private static byte[] bytesOf(long... values) {
    byte[] bytes = new byte[values.length * Long.BYTES];
    littleEndian(bytes).asLongBuffer().put(values);
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
