package vivit.model.initialise;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.checkpoint.ParameterFile;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.parameter.Parameter;

/**
 * Starts a model from a checkpoint, as the original code's {@code initialise_from_train_state};
 * reference section 3.
 *
 * <p>The file's {@code Transformer} or {@code SpatialTransformer} becomes the model's encoder of
 * all tokens, its {@code TemporalTransformer} the model's; anything else is taken over under the
 * same name. Blocks that the model lacks are left out, blocks that the file lacks stay as drawn;
 * whatever else is missing or of another shape is refused. Stricter than the original where that
 * would go on with a wrong model: {@link InitialisationOptions.UnsoundPositions}.
 */
public final class Initialiser {

  private Initialiser() {}

  /**
   * Says what {@link #initialise} would do; reads no tensor.
   *
   * @throws InitialisationException when the file does not fit
   */
  public static InitialisationReport plan(
      TensorSource source, ViViTConfig target, InitialisationOptions options) throws IOException {
    Planner planner = new Planner(RestoredModel.of(source), target, options);
    List<InitialisationReport.Line> lines = planner.lines();
    Set<String> used = new HashSet<>();
    lines.forEach(line -> line.origin().tensor().ifPresent(tensor -> used.add(tensor.name())));
    List<InitialisationReport.Unused> unused = new ArrayList<>();
    for (TensorEntry tensor : source.tensors()) {
      if (!used.contains(tensor.name())) {
        unused.add(new InitialisationReport.Unused(tensor, planner.whyUnused(tensor)));
      }
    }
    return new InitialisationReport(
        source.name(), source.format(), lines, unused, planner.warnings());
  }

  /**
   * Overwrites the parameters that the file says; one tensor at a time is in memory.
   *
   * @param values the model's parameters as they were drawn; unchanged when the file does not fit
   * @throws InitialisationException when the file does not fit
   * @throws CorruptCheckpointException when a tensor cannot be read or holds NaN or an infinity;
   *     then some parameters are written and others are not
   */
  public static InitialisationReport initialise(
      TensorSource source,
      ViViTConfig target,
      InitialisationOptions options,
      ParameterValues values)
      throws IOException {
    InitialisationReport report = plan(source, target, options);
    for (InitialisationReport.Line line : report.lines()) {
      if (line.isSet()) {
        Origin origin = line.origin();
        float[] restored = new float[0];
        if (origin.tensor().isPresent()) {
          restored = source.floats(origin.tensor().get().name());
          requireFinite(restored, origin.tensor().get(), source.name());
        }
        values.write(line.parameter(), origin.values(restored, values.read(line.parameter())));
      }
    }
    return report;
  }

  private static void requireFinite(float[] values, TensorEntry tensor, String file)
      throws CorruptCheckpointException {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new CorruptCheckpointException(
            "Cannot initialise from %s: tensor %s holds %s at element %d (its numbers begin at byte %d)"
                .formatted(file, tensor.name(), values[i], i, tensor.offset()));
      }
    }
  }

  /**
   * A flat vector, one parameter at a time, row-major in Scenic's shape whatever its order in the
   * vector; so a model needs no second copy.
   *
   * @param source reads numbers of the flat vector
   * @param sink stores them
   */
  public record ParameterValues(ParameterFile.Source source, ParameterFile.Sink sink) {

    /** A vector that is one array; the array is written. */
    public static ParameterValues of(float[] flat) {
      return new ParameterValues(
          (offset, into) -> System.arraycopy(flat, (int) offset, into, 0, into.length),
          (offset, values) -> System.arraycopy(values, 0, flat, (int) offset, values.length));
    }

    /** A copy of a parameter's numbers, row-major. */
    public float[] read(Parameter parameter) throws IOException {
      float[] stored = new float[Math.toIntExact(parameter.length())];
      source.read(parameter.offset(), stored);
      return ParameterFile.toRowMajor(parameter, stored);
    }

    /** Stores a parameter's numbers, given row-major. */
    public void write(Parameter parameter, float[] rowMajor) throws IOException {
      if (rowMajor.length != parameter.length()) {
        throw new IllegalArgumentException(
            "%d numbers for %s, expected %d"
                .formatted(rowMajor.length, parameter, parameter.length()));
      }
      sink.write(parameter.offset(), ParameterFile.toFlat(parameter, rowMajor));
    }
  }
}
