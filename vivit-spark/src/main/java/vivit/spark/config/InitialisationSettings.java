package vivit.spark.config;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import vivit.dataprep.config.Section;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.initialise.KernelInflation;
import vivit.model.variant.Variant;

/**
 * The source of the parameters that a new run starts from.
 *
 * @param from file or folder of a checkpoint; empty for random parameters
 */
public record InitialisationSettings(Optional<String> from, InitialisationOptions options) {

  /** Reads the section {@code initialise}; records problems instead of throwing them. */
  static InitialisationSettings read(Section section, Variant variant) {
    return new InitialisationSettings(
        Optional.of(section.place("from")).filter(place -> !place.isEmpty()),
        new InitialisationOptions(
            section.choice("kernel", KernelInflation.class),
            section.choice("positions", PositionChange.class),
            section.choice("unsound-positions", UnsoundPositions.class),
            section.choice("source-readout", SourceReadout.class),
            temporalAttention(section, variant),
            restored(section, variant)));
  }

  private static TemporalAttention temporalAttention(Section section, Variant variant) {
    if (section.optionalText("temporal-attention").isEmpty()) {
      return TemporalAttention.COPY;
    }
    onlyFactorisedSelfAttention(section, "temporal-attention", variant);
    return section.choice("temporal-attention", TemporalAttention.class);
  }

  private static Set<ModelPart> restored(Section section, Variant variant) {
    Set<ModelPart> restored = EnumSet.of(ModelPart.SPATIAL_ATTENTION);
    if (section.flag("restore-embedding")) {
      restored.add(ModelPart.EMBEDDING);
    }
    if (section.flag("restore-positions")) {
      restored.add(ModelPart.POSITIONS);
    }
    if (section.flag("restore-head")) {
      restored.add(ModelPart.HEAD);
    }
    if (section.optionalText("restore-spatial-attention").isPresent()) {
      onlyFactorisedSelfAttention(section, "restore-spatial-attention", variant);
      if (!section.flag("restore-spatial-attention")) {
        restored.remove(ModelPart.SPATIAL_ATTENTION);
      }
    }
    return restored;
  }

  private static void onlyFactorisedSelfAttention(Section section, String key, Variant variant) {
    if (variant.kind() != Variant.Kind.FACTORISED_SELF_ATTENTION) {
      section.problem(
          key,
          "only factorised-self-attention has an attention over space and one over time; remove"
              + " this key or use that variant");
    }
  }
}
