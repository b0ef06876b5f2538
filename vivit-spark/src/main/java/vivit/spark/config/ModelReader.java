package vivit.spark.config;

import java.util.Optional;
import vivit.dataprep.config.Section;
import vivit.model.Preset;
import vivit.model.Readout;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

/** Reads the section {@code model}. */
final class ModelReader {
  private static final int DEFAULT_TEMPORAL_LAYERS = 4;

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
    Variant variant = variant(model, layers);
    Section clip = model.section("clip");
    Section tubelet = model.section("tubelet");
    return new ModelSettings(
        new ClipShape(
            whole(clip, tubelet, "frames"),
            whole(clip, tubelet, "height"),
            whole(clip, tubelet, "width")),
        tubelet(tubelet),
        width,
        heads,
        mlp,
        variant,
        readout(model, variant, heads),
        sampledFrames(model, clip, tubelet),
        given(model, "representation-size")
            ? model.integer("representation-size", 1, 1_000_000)
            : 0);
  }

  private static Tubelet tubelet(Section tubelet) {
    int frames = tubelet.integer("frames", 1, 1024);
    int height = tubelet.integer("height", 1, 4096);
    int width = tubelet.integer("width", 1, 4096);
    try {
      return new Tubelet(frames, height, width);
    } catch (IllegalArgumentException impossible) {
      tubelet.problem("height", impossible.getMessage());
      return new Tubelet(1, 1, 1);
    }
  }

  private static Variant variant(Section model, int layers) {
    Variant.Kind kind = model.choice("variant", Variant.Kind.class);
    boolean temporal = given(model, "temporal-layers");
    boolean order = given(model, "attention-order");
    if (temporal && kind != Variant.Kind.FACTORISED_ENCODER) {
      model.problem(
          "temporal-layers",
          "only factorised-encoder has a temporal encoder; remove this key or use that variant");
    }
    if (order && kind != Variant.Kind.FACTORISED_SELF_ATTENTION) {
      model.problem(
          "attention-order",
          "only factorised-self-attention has an order; remove this key or use that variant");
    }
    return kind.of(
        layers,
        temporal ? model.integer("temporal-layers", 1, 1000) : DEFAULT_TEMPORAL_LAYERS,
        order ? model.choice("attention-order", AttentionOrder.class) : AttentionOrder.SPACE_TIME);
  }

  /** Reads the read-out; records a problem if the variant does not support it. */
  private static Readout readout(Section model, Variant variant, int heads) {
    Readout readout =
        given(model, "readout") ? model.choice("readout", Readout.class) : defaultReadout(variant);
    try {
      variant.check(readout.extraTokens(), heads);
    } catch (IllegalArgumentException impossible) {
      model.problem("variant", impossible.getMessage());
    }
    return readout;
  }

  private static Readout defaultReadout(Variant variant) {
    boolean factorised =
        variant.kind() == Variant.Kind.FACTORISED_SELF_ATTENTION
            || variant.kind() == Variant.Kind.FACTORISED_DOT_PRODUCT;
    return factorised ? Readout.MEAN : Readout.TOKEN;
  }

  private static int sampledFrames(Section model, Section clip, Section tubelet) {
    if (!given(model, "sampled-frames")) {
      return 0;
    }
    if (tubelet.integer("frames", 1, 1024) != 1) {
      tubelet.problem("frames", "uniform frame sampling (sampled-frames) needs 1");
    }
    return model.integer("sampled-frames", 1, Math.max(1, clip.integer("frames", 1, 65_536)));
  }

  /** Reads a side of the clip; records a problem if tubelets do not divide it. */
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
