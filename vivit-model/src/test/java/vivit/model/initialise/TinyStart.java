package vivit.model.initialise;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.parameter.Initialisation;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.Variant;

/** Small models, options and checkpoints. */
final class TinyStart {
  static final String TABLE = "/posembed_input/pos_embedding";
  static final Head CLASSES = new Head("classes", 4);

  private TinyStart() {}

  static MemorySource image(int side) {
    return MemorySource.image(side, 2, 12, 3, 20, 2);
  }

  /** Tubelets of 2 x 2 x 2, {@code times} x {@code side} x {@code side} tokens. */
  static ViViTConfig model(Variant variant, int times, int side, Head... heads) {
    boolean token = !(variant instanceof FactorisedSelfAttention);
    return model(
        new ClipShape(2 * times, 2 * side, 2 * side),
        variant,
        token ? Readout.TOKEN : Readout.MEAN,
        heads);
  }

  static ViViTConfig model(ClipShape clip, Variant variant, Readout readout, Head... heads) {
    return new ViViTConfig(
        clip, new Tubelet(2, 2, 2), 12, 3, 20, variant, readout, 0, List.of(heads));
  }

  static InitialisationOptions options() {
    return InitialisationOptions.defaults();
  }

  static InitialisationOptions restoring(Set<ModelPart> parts) {
    return options(
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        SourceReadout.AUTO,
        TemporalAttention.COPY,
        parts);
  }

  static InitialisationOptions positions(PositionChange change, UnsoundPositions unsound) {
    return options(
        change, unsound, SourceReadout.AUTO, TemporalAttention.COPY, options().restored());
  }

  static InitialisationOptions temporal(TemporalAttention choice) {
    return options(
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        SourceReadout.AUTO,
        choice,
        options().restored());
  }

  static InitialisationOptions readout(SourceReadout readout) {
    return options(
        PositionChange.TILE,
        UnsoundPositions.REFUSE,
        readout,
        TemporalAttention.COPY,
        options().restored());
  }

  static InitialisationOptions options(
      PositionChange change,
      UnsoundPositions unsound,
      SourceReadout readout,
      TemporalAttention temporal,
      Set<ModelPart> parts) {
    return new InitialisationOptions(
        KernelInflation.CENTRAL_FRAME, change, unsound, readout, temporal, parts);
  }

  static Origin origin(InitialisationReport report, String parameter) {
    return report.lines().stream()
        .filter(line -> line.parameter().name().equals(parameter))
        .findFirst()
        .orElseThrow()
        .origin();
  }

  static float[] drawn(ViViTConfig model) {
    ParameterIndex index = ParameterIndex.of(model);
    float[] flat = new float[(int) index.length()];
    for (Parameter parameter : index.parameters()) {
      double[] values = Initialisation.values(parameter, 3);
      for (int i = 0; i < values.length; i++) {
        flat[(int) parameter.offset() + i] = (float) values[i];
      }
    }
    return flat;
  }

  static float[] values(ViViTConfig model, float[] flat, String parameter) throws IOException {
    return ParameterValues.of(flat).read(ParameterIndex.of(model).parameter(parameter));
  }
}
