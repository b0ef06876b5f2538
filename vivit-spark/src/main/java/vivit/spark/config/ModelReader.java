package vivit.spark.config;

import java.util.Optional;
import vivit.dataprep.config.Section;
import vivit.model.Preset;
import vivit.model.Readout;
import vivit.model.Variant;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;

/** Reads the section {@code model}. */
final class ModelReader {
  private static final int DEFAULT_TEMPORAL_LAYERS = 4;

  private enum Kind {
    FACTORISED_ENCODER,
    AVERAGE_POOL
  }

  private ModelReader() {}

  static ModelSettings read(Section model) {
    Optional<Preset> preset =
        given(model, "preset")
            ? Optional.of(model.choice("preset", Preset.class))
            : Optional.empty();
    int width = size(model, "width", preset.map(Preset::width));
    int heads = size(model, "attention-heads", preset.map(Preset::attentionHeads));
    int mlp = size(model, "mlp-width", preset.map(Preset::mlpWidth));
    int layers = size(model, "spatial-layers", preset.map(Preset::layers));
    if (width % heads != 0) {
      model.problem(
          given(model, "attention-heads") ? "attention-heads" : "width",
          heads + " attention heads do not divide the width " + width + "; choose a divisor");
    }
    Section clip = model.section("clip");
    Section tubelet = model.section("tubelet");
    return new ModelSettings(
        new ClipShape(
            whole(clip, tubelet, "frames"),
            whole(clip, tubelet, "height"),
            whole(clip, tubelet, "width")),
        new Tubelet(
            tubelet.integer("frames", 1, 1024),
            tubelet.integer("height", 1, 4096),
            tubelet.integer("width", 1, 4096)),
        width,
        heads,
        mlp,
        variant(model, layers),
        model.choice("readout", Readout.class));
  }

  private static Variant variant(Section model, int layers) {
    boolean temporal = given(model, "temporal-layers");
    return switch (model.choice("variant", Kind.class)) {
      case FACTORISED_ENCODER ->
          new Variant.FactorisedEncoder(
              layers,
              temporal ? model.integer("temporal-layers", 1, 1000) : DEFAULT_TEMPORAL_LAYERS);
      case AVERAGE_POOL -> {
        if (temporal) {
          model.problem(
              "temporal-layers",
              "average-pool has no temporal encoder; remove this key or use factorised-encoder");
        }
        yield new Variant.AveragePool(layers);
      }
    };
  }

  /** A side of the clip, which tubelets must fill without rest. */
  private static int whole(Section clip, Section tubelet, String side) {
    int found = clip.integer(side, 1, 65_536);
    int part = tubelet.integer(side, 1, 65_536);
    if (found % part != 0) {
      clip.problem(
          side,
          String.format(
              "tubelets of %d do not divide %d; use for example %d",
              part, found, Math.max(1, found / part) * part));
    }
    return found;
  }

  private static int size(Section model, String key, Optional<Integer> preset) {
    if (given(model, key)) {
      return Math.max(1, model.integer(key, 1, 1_000_000));
    }
    return preset.orElseGet(
        () -> {
          model.problem(key, "missing; without a preset give " + model.path(key) + "=...");
          return 1;
        });
  }

  private static boolean given(Section section, String key) {
    return section.optionalText(key).isPresent();
  }
}
