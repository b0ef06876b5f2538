package vivit.spark.config;

import java.util.List;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.Variant;

/** The model but for its heads, which the labels of the shard set determine. */
public record ModelSettings(
    ClipShape clip,
    Tubelet tubelet,
    int width,
    int attentionHeads,
    int mlpWidth,
    Variant variant,
    Readout readout,
    int sampledFrames,
    int representationSize) {

  /** Name of the only head. */
  public static final String HEAD = "label";

  /** The model with one head over {@code labels}. */
  public ViViTConfig withLabels(List<String> labels) {
    return new ViViTConfig(
        clip,
        tubelet,
        width,
        attentionHeads,
        mlpWidth,
        variant,
        readout,
        0,
        List.of(new Head(HEAD, labels.size())),
        sampledFrames,
        representationSize);
  }
}
