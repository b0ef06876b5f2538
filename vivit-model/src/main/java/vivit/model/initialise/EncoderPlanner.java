package vivit.model.initialise;

import java.util.Optional;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.initialise.InitialisationOptions.Part;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.parameter.Parameter;
import vivit.model.variant.EncoderPlan;
import vivit.model.variant.Variant;

/**
 * Finds the origins of one encoder's parameters; reference sections 3.1 and 3.4.
 *
 * @param plan the model's encoder
 * @param root of the file's encoder; empty without one
 * @param layers blocks of the file's encoder
 */
record EncoderPlanner(
    RestoredModel restored,
    ViViTConfig target,
    InitialisationOptions options,
    EncoderPlan plan,
    String root,
    int layers) {

  private static final String BLOCK = "encoderblock_";
  private static final String ATTENTION = "MultiHeadDotProductAttention_";

  static EncoderPlanner of(
      RestoredModel restored, ViViTConfig target, InitialisationOptions options, EncoderPlan plan)
      throws InitialisationException {
    boolean temporal = plan.name().equals(RestoredModel.TEMPORAL);
    String root =
        !temporal
            ? restored.mainRoot()
            : restored.hasTemporalEncoder() ? RestoredModel.TEMPORAL : "";
    int layers = root.isEmpty() ? 0 : restored.layers(root);
    if (!root.isEmpty() && layers == 0) {
      throw new InitialisationException(
          plan.name(), restored.file(), "its encoder %s has no blocks".formatted(root));
    }
    EncoderPlanner planner = new EncoderPlanner(restored, target, options, plan, root, layers);
    if (restored.factorisesAttention() && !planner.factorisesAttention()) {
      throw new InitialisationException(
          plan.name(),
          restored.file(),
          "its blocks have an attention over space and one over time; use a model of the variant"
              + " factorised-self-attention, or another checkpoint");
    }
    return planner;
  }

  private boolean factorisesAttention() {
    return target.variant().kind() == Variant.Kind.FACTORISED_SELF_ATTENTION;
  }

  /** What the numbers of blocks, or the options, make of the encoder. */
  Optional<String> warning() {
    if (!root.isEmpty() && layers != plan.layers()) {
      return Optional.of(
          "%s has %d blocks in the file and %d in the model: %s"
              .formatted(
                  root,
                  layers,
                  plan.layers(),
                  layers > plan.layers()
                      ? "the file's last %d are not used".formatted(layers - plan.layers())
                      : "the model's last %d stay random".formatted(plan.layers() - layers)));
    }
    if (factorisesAttention()
        && !restored.factorisesAttention()
        && options.temporalAttention() == TemporalAttention.ZERO) {
      return Optional.of(
          "All of the temporal attention is zero: only its output's bias will ever learn; use"
              + " initialise.temporal-attention = zero-output to let it learn");
    }
    return Optional.empty();
  }

  /** The origin of a parameter of this encoder. */
  Origin origin(Parameter parameter) throws InitialisationException {
    if (root.isEmpty()) {
      return new Origin.Kept("the file has no temporal encoder");
    }
    String inner = parameter.name().substring(plan.name().length() + 1);
    if (!inner.startsWith(BLOCK)) {
      boolean positions = parameter.name().endsWith(RestoredModel.POSITIONS);
      if (positions && !options.restores(Part.POSITIONS)) {
        return new Origin.Kept("initialise.restore-positions is off");
      }
      TensorEntry entry = Copies.required(restored, parameter.name(), root + "/" + inner);
      return positions
          ? new PositionPlanner(restored, target, options).plan(plan, parameter, entry, root)
          : Copies.same(restored, target, parameter, entry);
    }
    int slash = inner.indexOf('/');
    if (Integer.parseInt(inner.substring(BLOCK.length(), slash)) >= layers) {
      return new Origin.Kept("the file has %d blocks only".formatted(layers));
    }
    return block(parameter, root + "/" + inner.substring(0, slash + 1), inner.substring(slash + 1));
  }

  /**
   * The origin of a block's parameter.
   *
   * @param block the file's block, with a slash
   * @param inner name within the block
   */
  private Origin block(Parameter parameter, String block, String inner)
      throws InitialisationException {
    if (!factorisesAttention() || restored.factorisesAttention()) {
      return copy(parameter, block + inner);
    }
    if (inner.startsWith("LayerNorm_time/")) {
      return new Origin.Kept("scale 1 and bias 0; an image model has no such norm");
    }
    if (inner.startsWith(ATTENTION + "space/") && !options.restores(Part.SPATIAL_ATTENTION)) {
      return new Origin.Kept("initialise.restore-spatial-attention is off");
    }
    if (inner.startsWith(ATTENTION + "time/")) {
      boolean output = inner.contains("/out/");
      TemporalAttention choice = options.temporalAttention();
      if (choice == TemporalAttention.RANDOM) {
        return new Origin.Kept("initialise.temporal-attention is random");
      }
      if (choice == TemporalAttention.ZERO || (choice == TemporalAttention.ZERO_OUTPUT && output)) {
        return new Origin.Zeroed(
            "initialise.temporal-attention is "
                + (choice == TemporalAttention.ZERO ? "zero" : "zero-output"));
      }
    }
    return copy(parameter, block + imageName(inner));
  }

  private Origin copy(Parameter parameter, String tensor) throws InitialisationException {
    return Copies.same(
        restored, target, parameter, Copies.required(restored, parameter.name(), tensor));
  }

  /** The image block's name of a parameter in a block with two attentions. */
  private static String imageName(String inner) {
    int slash = inner.indexOf('/');
    String module =
        switch (inner.substring(0, slash)) {
          case "LayerNorm_space" -> "LayerNorm_0";
          case "LayerNorm_mlp" -> "LayerNorm_1";
          case ATTENTION + "space", ATTENTION + "time" -> ATTENTION + "0";
          case "MlpBlock" -> "MlpBlock_0";
          default -> throw new IllegalStateException("a block has no " + inner);
        };
    return module + inner.substring(slash);
  }

  /** Why a tensor of the file's encoder has no place in the model. */
  String whyUnused(String tensor) {
    if (tensor.endsWith(RestoredModel.POSITIONS)) {
      return "initialise.restore-positions is off";
    }
    String inner = tensor.substring(tensor.indexOf('/') + 1);
    if (inner.startsWith(BLOCK)) {
      String number = inner.substring(BLOCK.length()).replaceFirst("/.*", "");
      if (number.matches("[0-9]{1,6}") && Integer.parseInt(number) >= plan.layers()) {
        return "the model has %d blocks only".formatted(plan.layers());
      }
      if (inner.contains("/" + ATTENTION)) {
        return "the options leave the attention out";
      }
    }
    return "the model has no such parameter";
  }
}
