package vivit.model.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.model.variant.EncoderPlan;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.SpaceTime;
import vivit.model.variant.Variant;

/**
 * Infers the model of a checkpoint from Scenic's names and shapes.
 *
 * <p>Names and shapes do not determine the size of the clip, which is an argument. Nor do they
 * determine the order of Model 3's attentions, or whether a model without a learned token is Model
 * 4 or Model 1; such checkpoints are refused.
 */
public final class InferredModel {

  private final TensorSource source;
  private final Map<String, long[]> shapes;

  private InferredModel(TensorSource source) {
    this.source = source;
    shapes =
        source.tensors().stream()
            .collect(Collectors.toMap(TensorEntry::name, TensorEntry::shape, (a, b) -> a));
  }

  /**
   * Infers a model with one head.
   *
   * @param clip size of the input clip
   * @param head name of the head
   * @throws IOException when names and shapes do not determine the model; the message says what to
   *     configure
   */
  public static ViViTConfig of(TensorSource source, ClipShape clip, String head)
      throws IOException {
    InferredModel inferred = new InferredModel(source);
    try {
      return inferred.config(clip, head);
    } catch (IllegalArgumentException | ArithmeticException impossible) {
      throw inferred.unclear(impossible.getMessage());
    }
  }

  private ViViTConfig config(ClipShape clip, String head) throws IOException {
    long[] kernel = shape("embedding/kernel");
    boolean cubes = kernel.length == 5;
    if (!cubes && kernel.length != 4) {
      throw unclear("embedding/kernel has %d axes, expected 4 or 5".formatted(kernel.length));
    }
    int first = cubes ? 1 : 0;
    Tubelet tubelet =
        new Tubelet(cubes ? size(kernel[0]) : 1, size(kernel[first]), size(kernel[first + 1]));
    String root =
        shapes.keySet().stream().anyMatch(name -> name.startsWith(EncoderPlan.SPATIAL + "/"))
            ? EncoderPlan.SPATIAL
            : EncoderPlan.JOINT;
    boolean token = shapes.containsKey(EncoderPlan.token(root));
    Variant variant = variant(root, token);
    String block = root + "/encoderblock_0/";
    long[] query = shape(block + "MultiHeadDotProductAttention_0/query/kernel");
    TokenGrid grid = clip.grid(tubelet);
    ViViTConfig config =
        new ViViTConfig(
            clip,
            tubelet,
            size(query[0]),
            size(query[1]),
            size(shape(block + "MlpBlock_0/Dense_0/kernel")[1]),
            variant,
            token ? Readout.TOKEN : Readout.MEAN,
            0,
            List.of(new Head(head, size(shape("output_projection/bias")[0]))),
            cubes ? 0 : sampledFrames(root, grid, token),
            shapes.containsKey("pre_logits/bias") ? size(shape("pre_logits/bias")[0]) : 0);
    for (EncoderPlan encoder : config.encoders()) {
      String table = encoder.name() + "/posembed_input/pos_embedding";
      long expected = encoder.tokens() + (long) config.readout().extraTokens();
      if (shape(table)[1] != expected) {
        throw unclear(
            "%s has %d positions, but a clip of %d x %d x %d has %d"
                .formatted(
                    table, shape(table)[1], clip.frames(), clip.height(), clip.width(), expected));
      }
    }
    return config;
  }

  private Variant variant(String root, boolean token) throws IOException {
    int layers = layers(root);
    if (root.equals(EncoderPlan.SPATIAL)) {
      int temporal = layers(EncoderPlan.TEMPORAL);
      return temporal == 0 ? new AveragePool(layers) : new FactorisedEncoder(layers, temporal);
    }
    if (shapes.keySet().stream().anyMatch(name -> name.contains("/LayerNorm_space/"))) {
      throw unclear("the order of its attentions over space and time is not in the file");
    }
    if (!token) {
      throw unclear("it may be space-time or factorised-dot-product, which have the same tensors");
    }
    return new SpaceTime(layers);
  }

  /** Tokens along time of models with frame sampling. */
  private int sampledFrames(String root, TokenGrid grid, boolean token) throws IOException {
    boolean factorised = root.equals(EncoderPlan.SPATIAL);
    String table =
        (factorised ? EncoderPlan.TEMPORAL : EncoderPlan.JOINT) + "/posembed_input/pos_embedding";
    if (!shapes.containsKey(table)) {
      throw unclear("the number of its sampled frames is not in the file");
    }
    long tokens = shape(table)[1] - (token ? 1 : 0);
    return size(factorised ? tokens : tokens / grid.spatial());
  }

  private int layers(String root) {
    String prefix = root + "/encoderblock_";
    return (int)
        shapes.keySet().stream()
            .filter(name -> name.startsWith(prefix))
            .map(name -> name.substring(0, name.indexOf('/', prefix.length())))
            .distinct()
            .count();
  }

  private long[] shape(String name) throws IOException {
    return Optional.ofNullable(shapes.get(name))
        .orElseThrow(() -> unclear("it has no tensor " + name));
  }

  private static int size(long length) {
    return Math.toIntExact(length);
  }

  private IOException unclear(String why) {
    return new IOException(
        "Cannot tell what model %s holds: %s; describe it by a configuration file or model.variant=... and the other keys of the section model"
            .formatted(source.name(), why));
  }
}
