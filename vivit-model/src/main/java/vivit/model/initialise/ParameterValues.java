package vivit.model.initialise;

import java.io.IOException;
import vivit.model.checkpoint.ParameterFile;
import vivit.model.parameter.Parameter;

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
