package vivit.model.initialise;

import java.util.Optional;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.parameter.Parameter;
import vivit.model.variant.EncoderPlan;
import vivit.model.variant.Variant;

/**
 * Finds the origins of one encoder's parameters; docs/vivit.md, 4.1 and 4.4.
 *
 * @param plan the model's encoder
 * @param root name of the file's encoder; empty if it has none
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
    boolean temporal = plan.name().equals(EncoderPlan.TEMPORAL);
    String root =
        !temporal ? restored.mainRoot() : restored.hasTemporalEncoder() ? EncoderPlan.TEMPORAL : "";
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

  private MatchingTensors tensors() {
    return new MatchingTensors(restored, target);
  }

  private boolean factorisesAttention() {
    return target.variant().kind() == Variant.Kind.FACTORISED_SELF_ATTENTION;
  }

  /**
   * A warning about different numbers of blocks, or about a temporal attention that cannot learn.
   */
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

  /** Determines the origin of a parameter of this encoder. */
  Origin origin(Parameter parameter) throws InitialisationException {
    if (root.isEmpty()) {
      return new Origin.Kept("the file has no temporal encoder");
    }
    String local = parameter.name().substring(plan.name().length() + 1);
    if (!local.startsWith(BLOCK)) {
      boolean positions = parameter.name().endsWith(RestoredModel.POSITIONS);
      if (positions && !options.restores(ModelPart.POSITIONS)) {
        return new Origin.Kept("initialise.restore-positions is off");
      }
      TensorEntry entry = tensors().required(parameter.name(), root + "/" + local);
      return positions
          ? new PositionPlanner(restored, target, options).plan(plan, parameter, entry, root)
          : tensors().copied(parameter, entry);
    }
    int slash = local.indexOf('/');
    if (Integer.parseInt(local.substring(BLOCK.length(), slash)) >= layers) {
      return new Origin.Kept("the file has %d blocks only".formatted(layers));
    }
    return block(parameter, root + "/" + local.substring(0, slash + 1), local.substring(slash + 1));
  }

  /**
   * Determines the origin of a parameter of a block.
   *
   * @param block name of the file's block, with a slash
   * @param local the parameter's name within the block
   */
  private Origin block(Parameter parameter, String block, String local)
      throws InitialisationException {
    if (!factorisesAttention() || restored.factorisesAttention()) {
      return copy(parameter, block + local);
    }
    if (local.startsWith("LayerNorm_time/")) {
      return new Origin.Kept("scale 1 and bias 0; an image model has no such norm");
    }
    if (local.startsWith(ATTENTION + "space/") && !options.restores(ModelPart.SPATIAL_ATTENTION)) {
      return new Origin.Kept("initialise.restore-spatial-attention is off");
    }
    if (local.startsWith(ATTENTION + "time/")) {
      boolean output = local.contains("/out/");
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
    return copy(parameter, block + imageName(local));
  }

  private Origin copy(Parameter parameter, String tensor) throws InitialisationException {
    return tensors().copied(parameter, tensors().required(parameter.name(), tensor));
  }

  /** Name in an image model's block for a parameter of a block with two attentions. */
  private static String imageName(String local) {
    int slash = local.indexOf('/');
    String module =
        switch (local.substring(0, slash)) {
          case "LayerNorm_space" -> "LayerNorm_0";
          case "LayerNorm_mlp" -> "LayerNorm_1";
          case ATTENTION + "space", ATTENTION + "time" -> ATTENTION + "0";
          case "MlpBlock" -> "MlpBlock_0";
          default -> throw new IllegalStateException("a block has no " + local);
        };
    return module + local.substring(slash);
  }

  /** The reason why a tensor of the file's encoder is unused. */
  String whyUnused(String tensor) {
    if (tensor.endsWith(RestoredModel.POSITIONS)) {
      return "initialise.restore-positions is off";
    }
    String local = tensor.substring(tensor.indexOf('/') + 1);
    if (local.startsWith(BLOCK)) {
      String number = local.substring(BLOCK.length()).replaceFirst("/.*", "");
      if (number.matches("[0-9]{1,6}") && Integer.parseInt(number) >= plan.layers()) {
        return "the model has %d blocks only".formatted(plan.layers());
      }
      if (local.contains("/" + ATTENTION)) {
        return "the options leave the attention out";
      }
    }
    return "the model has no such parameter";
  }
}
