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
 * Starts a model from a checkpoint, like the original code's {@code initialise_from_train_state};
 * docs/vivit.md, 4.
 *
 * <p>The file's {@code Transformer} or {@code SpatialTransformer} becomes the model's encoder of
 * all tokens, its {@code TemporalTransformer} the model's temporal encoder; everything else is
 * copied under the same name. Blocks that the model lacks are unused, and blocks that the file
 * lacks keep their random values; any other missing tensor or different shape is refused. Stricter
 * than the original, which continues with a wrong model in some cases: {@link
 * InitialisationOptions.UnsoundPositions}.
 */
public final class Initialiser {

  private Initialiser() {}

  /**
   * Plans {@link #initialise} and reports the plan, without reading a tensor.
   *
   * @throws InitialisationException when the file does not fit
   */
  public static InitialisationReport plan(
      TensorSource source, ViViTConfig target, InitialisationOptions options) throws IOException {
    Planner planner = new Planner(RestoredModel.of(source), target, options);
    List<InitialisationReport.ParameterOrigin> lines = planner.lines();
    Set<String> used = new HashSet<>();
    lines.forEach(line -> line.origin().tensor().ifPresent(tensor -> used.add(tensor.name())));
    List<InitialisationReport.Unused> unused = new ArrayList<>();
    for (TensorEntry tensor : source.tensors()) {
      if (!used.contains(tensor.name())) {
        unused.add(new InitialisationReport.Unused(tensor, planner.whyUnused(tensor)));
      }
    }
    List<String> warnings = new ArrayList<>(planner.warnings());
    if (!source.others().isEmpty()) {
      warnings.add(
          "%s also holds what is not part of a model and is not used: %s"
              .formatted(source.name(), String.join(", ", source.others())));
    }
    return new InitialisationReport(source.name(), source.format(), lines, unused, warnings);
  }

  /**
   * Overwrites the parameters that the file determines, with one tensor at a time in memory.
   *
   * @param values the model's random initial parameters; unchanged when the file does not fit
   * @throws InitialisationException when the file does not fit
   * @throws CorruptCheckpointException when a tensor is unreadable or holds NaN or an infinity,
   *     after some parameters may have been written
   */
  public static InitialisationReport initialise(
      TensorSource source,
      ViViTConfig target,
      InitialisationOptions options,
      ParameterValues values)
      throws IOException {
    InitialisationReport report = plan(source, target, options);
    for (InitialisationReport.ParameterOrigin line : report.lines()) {
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
   * Access to a flat vector by parameter, row-major in Scenic's shape, without a second copy of the
   * model.
   *
   * @param source reads the flat vector
   * @param sink writes it
   */
  public record ParameterValues(ParameterFile.Source source, ParameterFile.Sink sink) {

    /** Accesses a vector in one array, which is overwritten. */
    public static ParameterValues of(float[] flat) {
      return new ParameterValues(
          (offset, into) -> System.arraycopy(flat, (int) offset, into, 0, into.length),
          (offset, values) -> System.arraycopy(values, 0, flat, (int) offset, values.length));
    }

    /** Copies a parameter's numbers, row-major. */
    public float[] read(Parameter parameter) throws IOException {
      float[] stored = new float[Math.toIntExact(parameter.length())];
      source.read(parameter.offset(), stored);
      return parameter.toRowMajor(stored);
    }

    /** Overwrites a parameter with row-major numbers. */
    public void write(Parameter parameter, float[] rowMajor) throws IOException {
      if (rowMajor.length != parameter.length()) {
        throw new IllegalArgumentException(
            "%d numbers for %s, expected %d"
                .formatted(rowMajor.length, parameter, parameter.length()));
      }
      sink.write(parameter.offset(), parameter.toFlat(rowMajor));
    }
  }
}
