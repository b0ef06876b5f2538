package vivit.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.SafetensorsReader;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.Parameter.Order;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedDotProduct;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.SpaceTime;
import vivit.model.variant.Variant;

/** One golden file: its description and its tensors, as doubles in row-major order. */
public record GoldenCase(
    String name, JsonNode json, Map<String, double[]> tensors, Map<String, long[]> shapes) {

  /** The forward cases of the chosen folder without drop masks, as in inference. */
  public static List<GoldenCase> undisturbed() throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (Path file : GoldenFolder.cases(GoldenFolder.chosen(), "forward_backward")) {
      GoldenCase golden = read(file);
      if (!golden.drops()) {
        cases.add(golden);
      }
    }
    return cases;
  }

  /**
   * Whether there are masks that take effect: the original Model 3 ignores them; docs/vivit.md,
   * 2.4.
   */
  boolean drops() {
    return json.path("training").path("drop_masks").asBoolean()
        && !(config().variant() instanceof FactorisedSelfAttention);
  }

  /** The input clips, {@code [b, T, H, W, 3]}. */
  public String clips() {
    return tensors.containsKey("input/mixed_clip") ? "input/mixed_clip" : "input/clip";
  }

  static GoldenCase read(Path file) throws IOException {
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    Path data = file.resolveSibling(json.get("file").asText());
    Map<String, double[]> tensors = new HashMap<>();
    Map<String, long[]> shapes = new HashMap<>();
    try (SafetensorsReader reader =
        SafetensorsReader.open(
            new BufferedInputStream(Files.newInputStream(data)), data.toString())) {
      while (reader.next()) {
        TensorEntry entry = reader.current();
        shapes.put(entry.name(), entry.shape());
        tensors.put(
            entry.name(),
            switch (entry.type()) {
              case F32, F64 -> reader.doubles();
              default -> Arrays.stream(reader.integers()).asDoubleStream().toArray();
            });
      }
    }
    return new GoldenCase(json.get("case").asText(), json, tensors, shapes);
  }

  public ViViTConfig config() {
    JsonNode model = json.get("model");
    List<Head> heads = new ArrayList<>();
    Loss loss = model.path("loss").asText().equals("sigmoid") ? Loss.SIGMOID : Loss.SOFTMAX;
    if (model.path("class_splits").isArray()) {
      for (int i = 0; i < model.get("class_splits").size(); i++) {
        heads.add(
            new Head(
                model.path("split_names").path(i).asText("head" + i),
                model.get("class_splits").get(i).asInt(),
                loss));
      }
    } else {
      heads.add(new Head("classes", model.get("num_classes").asInt(), loss));
    }
    return new ViViTConfig(
        new ClipShape(
            model.get("num_frames").asInt(),
            model.get("height").asInt(),
            model.get("width").asInt()),
        tubelet(),
        model.get("hidden_size").asInt(),
        model.get("num_heads").asInt(),
        model.get("mlp_dim").asInt(),
        variant(model),
        switch (model.get("classifier").asText()) {
          case "token" -> Readout.TOKEN;
          case "0" -> Readout.FIRST;
          case "gap" -> Readout.MEAN;
          case "gmp" -> Readout.MAX;
          case "gsp" -> Readout.SUM;
          default -> throw new IllegalArgumentException("classifier of " + name);
        },
        0,
        heads,
        model.path("n_sampled_frames").asInt(0),
        model.path("representation_size").asInt(0));
  }

  private Variant variant(JsonNode model) {
    int layers = model.get("num_layers").asInt();
    return switch (model.get("attention_type").asText()) {
      case "spacetime" -> new SpaceTime(layers);
      case "factorized_encoder" ->
          model.path("spatial_only_baseline").asBoolean()
              ? new AveragePool(layers)
              : new FactorisedEncoder(layers, model.get("temporal_num_layers").asInt());
      case "factorized_self_attention_block" ->
          new FactorisedSelfAttention(
              layers,
              AttentionOrder.valueOf(
                  model.path("attention_order").asText("time_space").toUpperCase(Locale.ROOT)));
      case "factorized_dot_product_attention" -> new FactorisedDotProduct(layers);
      default -> throw new IllegalArgumentException("attention type of " + name);
    };
  }

  private Tubelet tubelet() {
    JsonNode model = json.get("model");
    int patch = model.get("patch").asInt();
    return new Tubelet(model.path("tubelet_frames").asInt(1), patch, patch);
  }

  /** Names of the activations that the network exposes. */
  List<String> activations() {
    return tensors.keySet().stream()
        .filter(name -> name.startsWith("act/"))
        .filter(name -> !List.of("act/tokens", "act/readout").contains(name))
        .filter(name -> !name.equals("act/frame_representation"))
        .toList();
  }

  /** Row 0 of every {@code [tokens, width]} matrix. */
  static double[] firstRows(double[] values, int tokens, int width) {
    double[] first = new double[values.length / tokens];
    for (int i = 0; i * width < first.length; i++) {
      System.arraycopy(values, i * tokens * width, first, i * width, width);
    }
    return first;
  }

  INDArray array(String tensor, DataType type) {
    return Nd4j.createFromArray(tensors.get(tensor)).reshape(shapes.get(tensor)).castTo(type);
  }

  /** All tensors under a prefix as one flat vector of the model's layout. */
  public double[] flat(String prefix, ParameterIndex index, List<Head> heads) {
    double[] flat = new double[(int) index.length()];
    for (Parameter parameter : index.parameters()) {
      double[] values = parameterValues(prefix, parameter, heads);
      int rows = parameter.order() == Order.ROW_MAJOR ? 1 : (int) parameter.rows();
      int columns = values.length / rows;
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          flat[(int) parameter.offset() + column * rows + row] = values[row * columns + column];
        }
      }
    }
    return flat;
  }

  /** The numbers of a parameter; with two heads, the head's columns of the one projection. */
  double[] parameterValues(String prefix, Parameter parameter, List<Head> heads) {
    String[] parts = parameter.name().split("/", -1);
    if (!parts[0].equals("output_projection") || parts.length == 2) {
      return tensors.get(prefix + parameter.name());
    }
    double[] whole = tensors.get(prefix + "output_projection/" + parts[2]);
    int from = 0;
    int all = 0;
    for (Head head : heads) {
      if (head.name().equals(parts[1])) {
        from = all;
      }
      all += head.classes();
    }
    int wanted = (int) parameter.columns();
    int rows = whole.length / all;
    double[] values = new double[rows * wanted];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(whole, row * all + from, values, row * wanted, wanted);
    }
    return values;
  }

  /** Label rows per head, smoothed and mixed as in the case, from its own target rows. */
  INDArray[] labels(String tensor, List<Head> heads, DataType type) {
    INDArray rows = array(tensor, type);
    INDArray[] labels = new INDArray[heads.size()];
    long start = 0;
    for (int head = 0; head < labels.length; head++) {
      long end = start + heads.get(head).classes();
      labels[head] = rows.get(NDArrayIndex.all(), NDArrayIndex.interval(start, end)).dup('c');
      start = end;
    }
    return labels;
  }

  /** Flattened tubelets of clips {@code [b, T, H, W, 3]}. */
  public static double[] cut(double[] clips, int batch, ViViTConfig config) {
    ClipShape clip = config.clip();
    Tubelet tubelet = config.tubelet();
    List<Integer> frames =
        config.sampledFrames() > 0
            ? config.sampledFrameIndices()
            : Stream.iterate(0, f -> f + 1).limit(clip.frames()).toList();
    double[] tokens = new double[batch * config.grid().tokens() * tubelet.values()];
    int next = 0;
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < config.grid().time(); t++) {
        for (int y = 0; y < config.grid().height(); y++) {
          for (int x = 0; x < config.grid().width(); x++) {
            for (int dt = 0; dt < tubelet.frames(); dt++) {
              for (int dy = 0; dy < tubelet.height(); dy++) {
                for (int dx = 0; dx < tubelet.width(); dx++) {
                  for (int c = 0; c < 3; c++) {
                    int frame = frames.get(t * tubelet.frames() + dt);
                    int row = y * tubelet.height() + dy;
                    int column = x * tubelet.width() + dx;
                    tokens[next++] =
                        clips[
                            (((b * clip.frames() + frame) * clip.height() + row) * clip.width()
                                        + column)
                                    * 3
                                + c];
                  }
                }
              }
            }
          }
        }
      }
    }
    return tokens;
  }
}
