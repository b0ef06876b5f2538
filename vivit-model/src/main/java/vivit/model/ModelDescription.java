package vivit.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import vivit.model.Head.Loss;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

/**
 * A model's configuration as plain values, for JSON and for exchange between JVMs. Enumerations are
 * written in lower case with hyphens.
 *
 * @param clip frames, height, width
 * @param tubelet frames, height, width
 * @param spatialLayers blocks of the encoder that sees every tubelet
 * @param temporalLayers blocks of the temporal encoder; 0 for variants without one
 * @param attentionOrder of factorised self-attention; null for other variants
 * @param heads names, in order
 * @param classes per head
 * @param losses per head; null if all are softmax
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelDescription(
    List<Integer> clip,
    List<Integer> tubelet,
    int width,
    int attentionHeads,
    int mlpWidth,
    String variant,
    int spatialLayers,
    int temporalLayers,
    String attentionOrder,
    String readout,
    double dropPathRate,
    int sampledFrames,
    int representationSize,
    List<String> heads,
    List<Integer> classes,
    List<String> losses)
    implements Serializable {

  private static final JsonMapper JSON = new JsonMapper();

  /** Refuses descriptions that lack a part, which stored ones may. */
  public ModelDescription {
    require(clip != null && clip.size() == 3, "clip", clip);
    require(tubelet != null && tubelet.size() == 3, "tubelet", tubelet);
    require(variant != null, "variant", variant);
    require(readout != null, "readout", readout);
    require(heads != null, "heads", heads);
    int count = heads.size();
    require(classes != null && classes.size() == count, "classes", classes);
    require(losses == null || losses.size() == count, "losses", losses);
    Stream.of(clip, tubelet, heads, classes, losses == null ? List.of() : losses)
        .forEach(list -> require(list.stream().noneMatch(Objects::isNull), "a list", list));
  }

  private static void require(boolean condition, String part, Object found) {
    if (!condition) {
      String text = String.valueOf(found);
      throw new IllegalArgumentException(
          "A model's description is incomplete: %s is %s"
              .formatted(part, text.length() <= 60 ? text : text.substring(0, 60) + "..."));
    }
  }

  /** Describes a model. */
  public static ModelDescription of(ViViTConfig config) {
    Variant variant = config.variant();
    return new ModelDescription(
        List.of(config.clip().frames(), config.clip().height(), config.clip().width()),
        List.of(config.tubelet().frames(), config.tubelet().height(), config.tubelet().width()),
        config.width(),
        config.attentionHeads(),
        config.mlpWidth(),
        word(variant.kind()),
        variant.layers(),
        variant instanceof FactorisedEncoder encoder ? encoder.temporalLayers() : 0,
        variant instanceof FactorisedSelfAttention block ? word(block.order()) : null,
        word(config.readout()),
        config.dropPathRate(),
        config.sampledFrames(),
        config.representationSize(),
        config.heads().stream().map(Head::name).toList(),
        config.heads().stream().map(Head::classes).toList(),
        config.heads().stream().map(head -> word(head.loss())).toList());
  }

  /**
   * Parses the output of {@link #json}.
   *
   * @throws IllegalArgumentException when the text is not such a description
   */
  public static ModelDescription parse(String json) {
    try {
      return JSON.readValue(json, ModelDescription.class);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(
          "This is not a description of a model: " + broken.getOriginalMessage(), broken);
    }
  }

  /** Formats the description as one line of JSON. */
  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Builds the configuration of the described model.
   *
   * @throws IllegalArgumentException when a word or a combination of sizes is unknown to this
   *     version
   */
  public ViViTConfig config() {
    AttentionOrder order =
        attentionOrder == null
            ? AttentionOrder.SPACE_TIME
            : value(AttentionOrder.class, attentionOrder);
    return new ViViTConfig(
        new ClipShape(clip.get(0), clip.get(1), clip.get(2)),
        new Tubelet(tubelet.get(0), tubelet.get(1), tubelet.get(2)),
        width,
        attentionHeads,
        mlpWidth,
        value(Variant.Kind.class, variant).of(spatialLayers, temporalLayers, order),
        value(Readout.class, readout),
        dropPathRate,
        IntStream.range(0, heads.size()).mapToObj(this::head).toList(),
        sampledFrames,
        representationSize);
  }

  private Head head(int head) {
    Loss loss = losses == null ? Loss.SOFTMAX : value(Loss.class, losses.get(head));
    return new Head(heads.get(head), classes.get(head), loss);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> E value(Class<E> type, String word) {
    try {
      return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "A model's %s '%s' is unknown; use a newer version of this program"
              .formatted(type.getSimpleName(), word),
          unknown);
    }
  }
}
