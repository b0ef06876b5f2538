package vivit.spark.config;

import java.util.List;
import java.util.function.Supplier;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.Section;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.Variant;

/** The model without its heads, which the labels of the shard set determine. */
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

  /** Reads the section {@code model}; records problems instead of throwing them. */
  public static ModelSettings read(Section model) {
    return ModelReader.read(model);
  }

  /** The model with one head per head of the shard set. */
  public ViViTConfig withHeads(LabelHeads labels) {
    return refused(() -> withHeads(labels.list().stream().map(ModelSettings::head).toList()));
  }

  /** The model with these heads. */
  public ViViTConfig withHeads(List<Head> heads) {
    return refused(
        () ->
            new ViViTConfig(
                clip,
                tubelet,
                width,
                attentionHeads,
                mlpWidth,
                variant,
                readout,
                0,
                heads,
                sampledFrames,
                representationSize));
  }

  /**
   * Converts exceptions of the model's own checks, since the values come from the configuration.
   */
  private static ViViTConfig refused(Supplier<ViViTConfig> model) {
    try {
      return model.get();
    } catch (IllegalArgumentException impossible) {
      throw new ConfigException(List.of("model: " + impossible.getMessage()));
    }
  }

  private static Head head(LabelHead head) {
    return new Head(
        head.name(),
        head.classes(),
        head.labelling() == Labelling.MULTI_LABEL ? Loss.SIGMOID : Loss.SOFTMAX);
  }
}
