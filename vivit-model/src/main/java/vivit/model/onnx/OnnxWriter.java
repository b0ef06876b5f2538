package vivit.model.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import onnx.Onnx;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorSource;
import vivit.model.checkpoint.UnsupportedModelException;
import vivit.model.checkpoint.WholeModel;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.Parameter.Order;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;

/**
 * Writes a model for inference as one ONNX file, opset 17: float32 clips {@code [batch, T, H, W,
 * 3]} with pixels in [-1, 1] in, logits {@code [batch, k]} per head out, for any number of clips.
 * Weights keep their checkpoint names; the result of a block has the block's name.
 *
 * @see <a href="https://onnx.ai/onnx/operators">the operators</a>
 */
public final class OnnxWriter {

  /** Name of the graph's only input. */
  public static final String INPUT = "clip";

  private static final String BATCH = "batch";
  private static final int IR_VERSION = 8;
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  /** Bytes reserved for nodes and labels. */
  private static final long RESERVED_BYTES = 32L << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private OnnxWriter() {}

  /** Name of a head's logits: {@code logits}, or {@code logits_<head>} with several heads. */
  public static String output(ViViTConfig config, Head head) {
    return ofHead("logits", config, head);
  }

  /** Metadata key of a head's class names, a JSON list: {@code labels} or {@code labels_<head>}. */
  public static String labels(ViViTConfig config, Head head) {
    return ofHead("labels", config, head);
  }

  private static String ofHead(String what, ViViTConfig config, Head head) {
    return config.heads().size() == 1 ? what : what + "_" + head.name();
  }

  /**
   * Writes a model; holds all its numbers in memory once.
   *
   * @param source holds exactly the model's parameters, in any checkpoint format
   * @param labels the class names of every head, in order; a head's list, or all, may be empty
   * @param out closed when done
   * @throws UnsupportedModelException when the file would exceed 2 GiB
   * @throws IllegalArgumentException when the labels do not fit the heads
   */
  public static void write(
      ViViTConfig config, TensorSource source, List<List<String>> labels, OutputStream out)
      throws IOException {
    try (out) {
      ParameterIndex index = ParameterIndex.of(config);
      requireRoom(source.name(), index);
      requireLabels(config, labels);
      Onnx.ModelProto.Builder model =
          Onnx.ModelProto.newBuilder()
              .setIrVersion(IR_VERSION)
              .setProducerName("vivit")
              .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(Nodes.OPSET));
      graph(config, source, index, model.getGraphBuilder());
      for (int head = 0; head < labels.size(); head++) {
        if (!labels.get(head).isEmpty()) {
          String names = JSON.writeValueAsString(labels.get(head));
          property(model, labels(config, config.heads().get(head)), names);
        }
      }
      if (source.metadata().containsKey(TensorSource.STEP)) {
        property(model, TensorSource.STEP, source.metadata().get(TensorSource.STEP));
      }
      model.build().writeTo(out);
    }
  }

  private static void graph(
      ViViTConfig config, TensorSource source, ParameterIndex index, Onnx.GraphProto.Builder graph)
      throws IOException {
    ClipShape clip = config.clip();
    graph
        .setName("vivit")
        .addInput(
            value(INPUT, clip.frames(), clip.height(), clip.width(), Tubelet.CHANNELS)
                .setDocString("RGB, pixels in [-1, 1]: byte * 2 / 255 - 1"));
    Nodes nodes = new Nodes(graph);
    Map<Long, Parameter> byOffset =
        index.parameters().stream().collect(Collectors.toMap(Parameter::offset, p -> p));
    WholeModel.read(
        source,
        index,
        (offset, values) -> {
          Parameter parameter = byOffset.get(offset);
          nodes.initialise(parameter.name(), parameter.toRowMajor(values), shape(parameter));
        });
    String representations = new ModelNodes(config, nodes).representations(INPUT);
    for (Head head : config.heads()) {
      String logits = output(config, head);
      String projection = ParameterIndex.headRoot(config, head);
      String products = nodes.matMul(representations, projection + "/kernel");
      nodes.add(products, projection + "/bias", logits);
      String meaning = head.loss() == Loss.SIGMOID ? "sigmoid" : "softmax";
      graph.addOutput(
          value(logits, head.classes()).setDocString("Logits; probabilities are their " + meaning));
    }
  }

  /**
   * Shape of a parameter in the file: kernels as matrices {@code [in, out]}, vectors with one axis,
   * tables unchanged.
   */
  private static long[] shape(Parameter parameter) {
    if (parameter.order() == Order.COLUMN_MAJOR) {
      return new long[] {parameter.rows(), parameter.columns()};
    }
    long[] shape = parameter.shape();
    return shape.length == 3 ? shape : new long[] {parameter.length()};
  }

  private static Onnx.ValueInfoProto.Builder value(String name, long... sizes) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(BATCH);
    for (long size : sizes) {
      shape.addDimBuilder().setDimValue(size);
    }
    Onnx.TypeProto.Tensor.Builder tensor =
        Onnx.TypeProto.Tensor.newBuilder()
            .setElemType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .setShape(shape);
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(tensor));
  }

  private static void property(Onnx.ModelProto.Builder model, String key, String value) {
    model.addMetadataProps(Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value));
  }

  private static void requireRoom(String name, ParameterIndex index)
      throws UnsupportedModelException {
    long bytes = index.length() * Float.BYTES;
    if (bytes > MOST_BYTES - RESERVED_BYTES) {
      throw new UnsupportedModelException(
          "Cannot write %s as ONNX: its %d parameters take %d bytes, but an ONNX file has at most %d;"
                  .formatted(name, index.length(), bytes, MOST_BYTES)
              + " write safetensors instead");
    }
  }

  private static void requireLabels(ViViTConfig config, List<List<String>> labels) {
    if (!labels.isEmpty() && labels.size() != config.heads().size()) {
      throw new IllegalArgumentException(
          "There are labels for %d heads, expected %d"
              .formatted(labels.size(), config.heads().size()));
    }
    for (int i = 0; i < labels.size(); i++) {
      Head head = config.heads().get(i);
      if (!labels.get(i).isEmpty() && labels.get(i).size() != head.classes()) {
        throw new IllegalArgumentException(
            "Head '%s' has %d labels, expected one per class, %d"
                .formatted(head.name(), labels.get(i).size(), head.classes()));
      }
    }
  }
}
