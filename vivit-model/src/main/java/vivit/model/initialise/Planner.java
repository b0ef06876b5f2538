package vivit.model.initialise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.variant.EncoderPlan;

/** Finds an origin for every parameter of a model from names and shapes alone. */
final class Planner {

  private static final String HEAD = "output_projection/";

  private final RestoredModel restored;
  private final ViViTConfig target;
  private final InitialisationOptions options;
  private final MatchingTensors tensors;
  private final Map<String, EncoderPlanner> encoders = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  Planner(RestoredModel restored, ViViTConfig target, InitialisationOptions options)
      throws InitialisationException {
    this.restored = restored;
    this.target = target;
    this.options = options;
    tensors = new MatchingTensors(restored, target);
    for (EncoderPlan plan : target.encoders()) {
      EncoderPlanner encoder = EncoderPlanner.of(restored, target, options, plan);
      encoders.put(plan.name(), encoder);
      encoder.warning().ifPresent(warnings::add);
    }
  }

  List<InitialisationReport.ParameterOrigin> lines() throws InitialisationException {
    List<InitialisationReport.ParameterOrigin> lines = new ArrayList<>();
    for (Parameter parameter : ParameterIndex.of(target).parameters()) {
      lines.add(new InitialisationReport.ParameterOrigin(parameter, origin(parameter)));
    }
    return lines;
  }

  /** Warnings about unexpected results. */
  List<String> warnings() {
    return warnings;
  }

  private Origin origin(Parameter parameter) throws InitialisationException {
    String name = parameter.name();
    EncoderPlanner encoder = encoders.get(name.substring(0, Math.max(0, name.indexOf('/'))));
    if (encoder != null) {
      return encoder.origin(parameter);
    }
    if (name.startsWith("embedding/")) {
      return embedding(parameter);
    }
    return name.startsWith(HEAD) ? head(parameter) : sameName(parameter);
  }

  private Origin embedding(Parameter parameter) throws InitialisationException {
    if (!options.restores(ModelPart.EMBEDDING)) {
      return new Origin.Kept("initialise.restore-embedding is off");
    }
    long[] wanted = parameter.shape();
    TensorEntry entry = tensors.required(parameter.name(), parameter.name());
    if (Arrays.equals(entry.shape(), wanted)) {
      return new Origin.Copied(entry);
    }
    long[] image = wanted.length == 5 ? Arrays.copyOfRange(wanted, 1, 5) : wanted;
    if (wanted.length != 5 || !Arrays.equals(entry.shape(), image)) {
      String expected =
          wanted.length == 5
              ? Arrays.toString(image) + " or " + Arrays.toString(wanted)
              : Arrays.toString(wanted);
      throw tensors.otherSize(parameter, entry, expected);
    }
    if (wanted[0] == 1 && options.kernel() == KernelInflation.RANK_POOLING) {
      throw new InitialisationException(
          parameter.name(),
          restored.file(),
          "rank pooling of tubelets of 1 frame gives zeros; use initialise.kernel = central-frame");
    }
    return new Origin.Inflated(entry, options.kernel(), (int) wanted[0]);
  }

  /** Copies the tensor of the same name, if there is one. */
  private Origin sameName(Parameter parameter) throws InitialisationException {
    String name = parameter.name();
    if (restored.tensor(name).isPresent()) {
      return tensors.copied(parameter, restored.tensor(name).get());
    }
    for (EncoderPlan plan : target.encoders()) {
      if (plan.token().equals(name)) {
        requireNoTokenRow(plan);
      }
    }
    return new Origin.Kept("the file has no tensor of this name");
  }

  /**
   * Refuses a file whose table has a row for the token but that lacks the token, which must be
   * misnamed.
   */
  private void requireNoTokenRow(EncoderPlan plan) throws InitialisationException {
    String table = plan.name() + RestoredModel.POSITIONS;
    long[] wanted = ParameterIndex.of(target).parameter(table).shape();
    TensorEntry found = restored.tensor(table).orElse(null);
    if (options.sourceReadout() == SourceReadout.AUTO
        && found != null
        && Arrays.equals(found.shape(), wanted)) {
      throw restored.noToken(plan.name(), wanted[1]);
    }
  }

  private Origin head(Parameter parameter) throws InitialisationException {
    if (!options.restores(ModelPart.HEAD)) {
      return new Origin.Kept("a new classifier");
    }
    String name = parameter.name();
    String kind = name.substring(name.lastIndexOf('/') + 1);
    TensorEntry joint = restored.tensor(HEAD + kind).orElse(null);
    if (restored.tensor(name).isPresent() || joint == null) {
      TensorEntry entry = tensors.required(name, name);
      return tensors.copied(parameter, entry);
    }
    long[] shape = parameter.shape();
    int classes = target.heads().stream().mapToInt(Head::classes).sum();
    long[] expected = shape.clone();
    expected[shape.length - 1] = classes;
    if (!Arrays.equals(joint.shape(), expected)) {
      throw tensors.otherClasses(parameter, joint, Arrays.toString(expected));
    }
    int first = 0;
    for (Head head : target.heads()) {
      if (name.equals(HEAD + head.name() + "/" + kind)) {
        break;
      }
      first += head.classes();
    }
    return new Origin.HeadColumns(joint, first, (int) shape[shape.length - 1]);
  }

  /** The reason why a tensor of the file is unused. */
  String whyUnused(TensorEntry tensor) {
    String name = tensor.name();
    String top = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
    return switch (top) {
      case "head" -> "an image model's classifier";
      case "output_projection" ->
          options.restores(ModelPart.HEAD)
              ? "the model has no such head"
              : "the classifier starts anew";
      case "pre_logits" -> "the model has no representation layer";
      case "embedding" -> "initialise.restore-embedding is off";
      case EncoderPlan.TEMPORAL ->
          encoders.containsKey(top)
              ? encoders.get(top).whyUnused(name)
              : "the model has no temporal encoder";
      case EncoderPlan.JOINT, EncoderPlan.SPATIAL ->
          encoders.values().iterator().next().whyUnused(name);
      default -> "the model has no parameter of this name";
    };
  }
}
