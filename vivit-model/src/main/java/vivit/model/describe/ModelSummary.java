package vivit.model.describe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.describe.CountingEngine.ShapeTensor;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.Randomness;
import vivit.model.variant.EncoderPlan;

/**
 * Cost of a model per clip.
 *
 * @param rows layers in order, heads last
 * @param parameters of the whole model
 * @param forward multiply-adds of a forward pass, each two floating-point operations
 * @param training multiply-adds of forward and backward pass without recomputation
 * @param activations bytes of a float32 training pass that keeps every intermediate result
 * @param recomputed bytes of a float32 training pass that keeps the inputs of blocks only
 * @param inference bytes of a float32 inference pass
 */
public record ModelSummary(
    List<LayerRow> rows,
    long parameters,
    long forward,
    long training,
    long activations,
    long recomputed,
    long inference) {

  /** Bytes of a float32. */
  private static final long BYTES = 4;

  /**
   * One line of the table.
   *
   * @param output shape for one clip
   * @param multiplyAdds of its matrix products
   */
  public record LayerRow(String name, List<Long> output, long parameters, long multiplyAdds) {}

  /** Copies the list. */
  public ModelSummary {
    rows = List.copyOf(rows);
  }

  /** Runs the network without numbers, on shapes only. */
  public static ModelSummary of(ViViTConfig config) {
    ParameterIndex index = ParameterIndex.of(config);
    CountingEngine engine = new CountingEngine(1);
    List<LayerRow> rows = new ArrayList<>(layers(engine, config, index));
    for (Head head : config.heads()) {
      String name = ParameterIndex.headRoot(config, head);
      rows.add(
          new LayerRow(
              name,
              List.of((long) head.classes()),
              parametersOf(index, name),
              (long) config.representation() * head.classes()));
    }
    long forward = rows.stream().mapToLong(LayerRow::multiplyAdds).sum();
    long heads = forward - engine.multiplyAdds();
    Cost kept = training(config, Recompute.NOTHING);
    Cost recomputed = training(config, Recompute.BLOCKS);
    return new ModelSummary(
        rows,
        index.length(),
        forward,
        kept.multiplyAdds() + 3 * heads,
        kept.bytes(),
        recomputed.bytes(),
        engine.allocated() * BYTES);
  }

  private record Cost(long multiplyAdds, long bytes) {}

  private static List<LayerRow> layers(
      CountingEngine engine, ViViTConfig config, ParameterIndex index) {
    Backbone backbone = backbone(engine, config, Recompute.NOTHING);
    List<LayerRow> rows = new ArrayList<>();
    long[] counted = {0};
    backbone.observe(
        (name, values) -> {
          if (name.contains("/after_")) {
            return; // counted with its block
          }
          String root = name.equals("pre_head") ? "pre_logits" : name;
          long parameters = parametersOf(index, root);
          long spent = engine.multiplyAdds() - counted[0];
          counted[0] = engine.multiplyAdds();
          if (parameters > 0) {
            rows.add(new LayerRow(root, shape(values), parameters, spent));
          }
        });
    backbone.infer(tokens(config), new ShapeTensor(new long[] {1, config.representation()}));
    return rows;
  }

  private static Cost training(ViViTConfig config, Recompute recompute) {
    CountingEngine engine = new CountingEngine(1);
    Backbone backbone = backbone(engine, config, recompute);
    Tensor representation = new ShapeTensor(new long[] {1, config.representation()});
    backbone.bindGradients(new ShapeTensor(new long[] {ParameterIndex.backbone(config).length()}));
    backbone.train(tokens(config), Randomness.none(1), representation);
    backbone.backward(representation);
    return new Cost(engine.multiplyAdds(), engine.allocated() * BYTES);
  }

  private static Backbone backbone(CountingEngine engine, ViViTConfig config, Recompute choice) {
    long length = ParameterIndex.backbone(config).length();
    return new Backbone(engine, config, choice, new ShapeTensor(new long[] {length}));
  }

  private static Tensor tokens(ViViTConfig config) {
    return new ShapeTensor(new long[] {1, config.grid().tokens(), config.tubelet().values()});
  }

  /** The shape without the first axis, that of the single clip or sequence. */
  private static List<Long> shape(Tensor values) {
    long[] shape = values.shape();
    int from = shape.length > 1 && shape[0] == 1 ? 1 : 0;
    return Arrays.stream(shape, from, shape.length).boxed().toList();
  }

  /** Parameters of a layer; a learned token counts with the positions of its encoder. */
  private static long parametersOf(ParameterIndex index, String layer) {
    long token =
        layer.endsWith("/posembed_input")
            ? index.parameters().stream()
                .filter(p -> tokenOf(layer, p.name()))
                .mapToLong(Parameter::length)
                .sum()
            : 0;
    return token
        + index.parameters().stream()
            .filter(p -> p.name().startsWith(layer + "/"))
            .mapToLong(Parameter::length)
            .sum();
  }

  private static boolean tokenOf(String positions, String name) {
    String encoder = positions.substring(0, positions.indexOf('/'));
    return name.equals(EncoderPlan.token(encoder));
  }

  /** Bytes of a vector, which an executor sends and receives in a round of one step. */
  public long roundBytes() {
    return parameters * BYTES;
  }

  /** The table and the totals as text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-38s %-20s %14s %16s%n",
            "layer",
            "output",
            "parameters",
            "multiply-adds"));
    for (LayerRow row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-38s %-20s %,14d %,16d%n",
              row.name(),
              row.output(),
              row.parameters(),
              row.multiplyAdds()));
    }
    text.append(String.format(Locale.ROOT, "%nparameters                      %,d%n", parameters));
    text.append(total("multiply-adds, forward", giga(forward) + " G per clip"));
    text.append(total("multiply-adds, training", giga(training) + " G per clip"));
    text.append(total("activations, training", mega(activations) + " MB per clip"));
    text.append(total("  with train.recompute=blocks", mega(recomputed) + " MB per clip"));
    text.append(total("activations, inference", mega(inference) + " MB per clip"));
    text.append(
        total(
            "one averaging round",
            mega(roundBytes()) + " MB from and to each executor; twice that after several steps"));
    return text.toString();
  }

  private static String total(String what, String value) {
    return String.format(Locale.ROOT, "%-31s %s%n", what, value);
  }

  private static String giga(long count) {
    return String.format(Locale.ROOT, "%.1f", count / 1e9);
  }

  private static String mega(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
  }
}
