package vivit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

/**
 * Writes a flat vector as a safetensors file of named F32 tensors in Scenic's shapes, and reads it
 * back.
 */
public final class ParameterFile {

  private ParameterFile() {}

  /** Reads the flat vector. */
  @FunctionalInterface
  public interface Source {
    /** Copies {@code into.length} numbers from {@code offset} of the flat vector. */
    void read(long offset, float[] into) throws IOException;
  }

  /** Writes the flat vector. */
  @FunctionalInterface
  public interface Sink {
    /** Copies numbers to {@code offset} of the flat vector. */
    void write(long offset, float[] values) throws IOException;
  }

  /**
   * Writes the whole flat vector.
   *
   * @param out closed when done
   */
  public static void write(
      ParameterIndex index, Source flat, OutputStream out, Map<String, String> metadata)
      throws IOException {
    List<TensorEntry> tensors =
        index.parameters().stream()
            .map(p -> TensorEntry.of(p.name(), ElementType.F32, p.shape()))
            .toList();
    try (SafetensorsWriter writer = new SafetensorsWriter(out, tensors, metadata)) {
      for (Parameter parameter : index.parameters()) {
        float[] stored = new float[Math.toIntExact(parameter.length())];
        flat.read(parameter.offset(), stored);
        writer.write(parameter.toRowMajor(stored), 0, stored.length);
      }
    }
  }

  /** Writes the whole flat vector from an array of {@code index.length()} numbers. */
  public static void write(
      ParameterIndex index, float[] flat, OutputStream out, Map<String, String> metadata)
      throws IOException {
    requireLength(index, flat.length);
    write(
        index,
        (offset, into) -> System.arraycopy(flat, (int) offset, into, 0, into.length),
        out,
        metadata);
  }

  /**
   * Reads a file that holds exactly the parameters of the index, in any order.
   *
   * @param in closed when done
   * @param source the file's name, for messages
   * @return the file's metadata
   */
  public static Map<String, String> read(
      ParameterIndex index, InputStream in, String source, Sink flat) throws IOException {
    try (SafetensorsReader reader = SafetensorsReader.open(in, source)) {
      Set<String> missing = new HashSet<>();
      index.parameters().forEach(p -> missing.add(p.name()));
      for (TensorEntry tensor : reader.tensors()) {
        requireExpected(index, tensor, source);
        missing.remove(tensor.name());
      }
      if (!missing.isEmpty()) {
        throw new CorruptCheckpointException(
            "Cannot read %s: %d parameters are missing, among them %s"
                .formatted(source, missing.size(), missing.stream().sorted().findFirst().get()));
      }
      while (reader.next()) {
        Parameter parameter = index.parameter(reader.current().name());
        flat.write(parameter.offset(), parameter.toFlat(reader.floats()));
      }
      return reader.metadata();
    }
  }

  /** Reads a file that holds exactly the parameters of the index into one array. */
  public static float[] read(ParameterIndex index, InputStream in, String source)
      throws IOException {
    float[] flat = TooLargeException.floats(source, "the model", index.length());
    read(
        index,
        in,
        source,
        (offset, values) -> System.arraycopy(values, 0, flat, (int) offset, values.length));
    return flat;
  }

  private static void requireExpected(ParameterIndex index, TensorEntry tensor, String source)
      throws CorruptCheckpointException {
    if (!index.contains(tensor.name())) {
      throw new CorruptCheckpointException(
          "Cannot read %s: tensor %s is not a parameter of this model"
              .formatted(source, tensor.name()));
    }
    long[] expected = index.parameter(tensor.name()).shape();
    if (!Arrays.equals(tensor.shape(), expected) || tensor.type() != ElementType.F32) {
      throw new CorruptCheckpointException(
          "Cannot read %s: tensor %s is %s %s, expected F32 %s"
              .formatted(
                  source,
                  tensor.name(),
                  tensor.type(),
                  Arrays.toString(tensor.shape()),
                  Arrays.toString(expected)));
    }
  }

  private static void requireLength(ParameterIndex index, long length) {
    if (length != index.length()) {
      throw new IllegalArgumentException(
          "The flat vector has %d elements, expected %d".formatted(length, index.length()));
    }
  }
}
