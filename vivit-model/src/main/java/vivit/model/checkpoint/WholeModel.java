package vivit.model.checkpoint;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

/**
 * Reads a whole model from a checkpoint of any format, which must hold exactly the parameters of
 * the model, with their shapes. To start a model from a different one, use the package {@code
 * initialise}.
 *
 * <p>Scenic's single {@code output_projection} is split into the model's heads, in their order.
 */
public final class WholeModel {

  private final TensorSource source;
  private final ParameterIndex index;
  private final Map<String, Long> columns;

  /** Checks names and shapes; reads no numbers. */
  private WholeModel(TensorSource source, ParameterIndex index) throws CorruptCheckpointException {
    this.source = source;
    this.index = index;
    Map<String, TensorEntry> found = new LinkedHashMap<>();
    source.tensors().forEach(tensor -> found.put(tensor.name(), tensor));
    columns = columnsToCut(found);
    check(found);
  }

  /**
   * Reads every parameter once.
   *
   * @param flat receives the numbers in the order of the flat vector
   * @throws CorruptCheckpointException naming the first tensor that does not fit the model
   * @throws TooLargeException when a tensor does not fit the heap
   */
  public static void read(TensorSource source, ParameterIndex index, ParameterFile.Sink flat)
      throws IOException {
    new WholeModel(source, index).read(flat);
  }

  /** Reads every parameter into one array. */
  public static float[] read(TensorSource source, ParameterIndex index) throws IOException {
    WholeModel model = new WholeModel(source, index);
    float[] flat = TooLargeException.floats(source.name(), "the model", index.length());
    model.read((offset, values) -> System.arraycopy(values, 0, flat, (int) offset, values.length));
    return flat;
  }

  private void check(Map<String, TensorEntry> found) throws CorruptCheckpointException {
    Map<String, TensorEntry> unused = new LinkedHashMap<>(found);
    for (Parameter parameter : index.parameters()) {
      String part = MergedHeads.part(parameter.name());
      boolean cut = columns.containsKey(part);
      String name = cut ? MergedHeads.whole(part) : parameter.name();
      long[] expected = parameter.shape();
      if (cut) {
        expected[expected.length - 1] = columns.get(part);
      }
      requireShape(name, found.get(name), expected);
      unused.remove(name);
    }
    for (TensorEntry tensor : unused.values()) {
      throw CorruptCheckpointException.at(
          source.name(),
          tensor.offset(),
          "tensor %s is not a parameter of this model".formatted(tensor.name()));
    }
  }

  private void read(ParameterFile.Sink flat) throws IOException {
    Map<String, Integer> next = new HashMap<>();
    for (Parameter parameter : index.parameters()) {
      String part = MergedHeads.part(parameter.name());
      float[] values;
      if (columns.containsKey(part)) {
        long[] shape = parameter.shape();
        int width = (int) shape[shape.length - 1];
        int from = next.merge(part, width, Integer::sum) - width;
        values = cut(source.floats(MergedHeads.whole(part)), columns.get(part), from, width);
      } else {
        values = source.floats(parameter.name());
      }
      flat.write(parameter.offset(), parameter.toFlat(values));
    }
  }

  /**
   * Number of columns of all heads together, by kernel and bias, if the model has several heads and
   * the file one projection.
   */
  private Map<String, Long> columnsToCut(Map<String, TensorEntry> found) {
    Map<String, Long> columns = new HashMap<>();
    for (Parameter parameter : index.parameters()) {
      String part = MergedHeads.part(parameter.name());
      if (!part.isEmpty() && found.containsKey(MergedHeads.whole(part))) {
        long[] shape = parameter.shape();
        columns.merge(part, shape[shape.length - 1], Long::sum);
      }
    }
    return columns;
  }

  private void requireShape(String name, TensorEntry tensor, long[] expected)
      throws CorruptCheckpointException {
    if (tensor == null) {
      throw CorruptCheckpointException.at(
          source.name(),
          0,
          "tensor %s of shape %s is missing".formatted(name, Arrays.toString(expected)));
    }
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw CorruptCheckpointException.at(
          source.name(),
          tensor.offset(),
          "tensor %s has shape %s, expected %s"
              .formatted(name, Arrays.toString(tensor.shape()), Arrays.toString(expected)));
    }
  }

  /** A range of columns of a row-major matrix. */
  private static float[] cut(float[] matrix, long columns, int from, int width) {
    int rows = (int) (matrix.length / columns);
    float[] part = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(matrix, (int) (row * columns) + from, part, row * width, width);
    }
    return part;
  }
}
