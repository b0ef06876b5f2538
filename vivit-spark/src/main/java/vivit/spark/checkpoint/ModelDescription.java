package vivit.spark.checkpoint;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.Variant;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;

/**
 * A model's configuration in plain values, for JSON and between JVMs.
 *
 * @param variant {@code factorised-encoder} or {@code average-pool}
 * @param temporalLayers 0 for average-pool
 * @param clip frames, height, width
 * @param tubelet frames, height, width
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ModelDescription(
    List<Integer> clip,
    List<Integer> tubelet,
    int width,
    int attentionHeads,
    int mlpWidth,
    String variant,
    int spatialLayers,
    int temporalLayers,
    String readout,
    int sampledFrames,
    List<String> heads,
    List<Integer> classes)
    implements Serializable {
  private static final String FACTORISED_ENCODER = "factorised-encoder";
  private static final String AVERAGE_POOL = "average-pool";

  /** The description of a model. */
  public static ModelDescription of(ViViTConfig config) {
    boolean factorised = config.variant() instanceof Variant.FactorisedEncoder;
    return new ModelDescription(
        List.of(config.clip().frames(), config.clip().height(), config.clip().width()),
        List.of(config.tubelet().frames(), config.tubelet().height(), config.tubelet().width()),
        config.width(),
        config.attentionHeads(),
        config.mlpWidth(),
        factorised ? FACTORISED_ENCODER : AVERAGE_POOL,
        config.variant().spatialLayers(),
        config.variant() instanceof Variant.FactorisedEncoder encoder
            ? encoder.temporalLayers()
            : 0,
        config.readout().name().toLowerCase(Locale.ROOT),
        config.sampledFrames(),
        config.heads().stream().map(Head::name).toList(),
        config.heads().stream().map(Head::classes).toList());
  }

  /** The model described. */
  public ViViTConfig config() {
    return new ViViTConfig(
        new ClipShape(clip.get(0), clip.get(1), clip.get(2)),
        new Tubelet(tubelet.get(0), tubelet.get(1), tubelet.get(2)),
        width,
        attentionHeads,
        mlpWidth,
        switch (variant) {
          case FACTORISED_ENCODER -> new Variant.FactorisedEncoder(spatialLayers, temporalLayers);
          case AVERAGE_POOL -> new Variant.AveragePool(spatialLayers);
          default ->
              throw new IllegalArgumentException(
                  "model variant " + variant + " is unknown; use a newer version of this program");
        },
        Readout.valueOf(readout.toUpperCase(Locale.ROOT)),
        0,
        java.util.stream.IntStream.range(0, heads.size())
            .mapToObj(i -> new Head(heads.get(i), classes.get(i)))
            .toList(),
        sampledFrames);
  }
}
