package vivit.model.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

/**
 * Presents a model's flat vector as a source of tensors, for writing in any format. Several heads
 * keep their names, {@code output_projection/<head>/kernel}; see {@link MergedHeads}.
 */
public final class FlatSource implements TensorSource {

  private final String name;
  private final ParameterIndex index;
  private final ParameterFile.Source flat;
  private final Map<String, String> metadata;

  /**
   * Creates a source that reads the flat vector whenever a tensor is read.
   *
   * @param name of the model, for messages
   */
  public FlatSource(
      String name, ParameterIndex index, ParameterFile.Source flat, Map<String, String> metadata) {
    this.name = name;
    this.index = index;
    this.flat = flat;
    this.metadata = Map.copyOf(metadata);
  }

  /** Creates a source over an array of {@code index.length()} numbers, without metadata. */
  public static FlatSource of(String name, ParameterIndex index, float[] flat) {
    if (flat.length != index.length()) {
      throw new IllegalArgumentException(
          "The flat vector has %d elements, expected %d".formatted(flat.length, index.length()));
    }
    return new FlatSource(
        name,
        index,
        (offset, into) -> System.arraycopy(flat, (int) offset, into, 0, into.length),
        Map.of());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Format format() {
    return Format.SAFETENSORS;
  }

  @Override
  public List<TensorEntry> tensors() {
    return index.parameters().stream()
        .map(p -> new TensorEntry(p.name(), ElementType.F32, p.shape(), p.offset() * Float.BYTES))
        .toList();
  }

  @Override
  public float[] floats(String name) throws IOException {
    Parameter parameter = index.parameter(name);
    TooLargeException.requireRoom(
        this.name, "tensor " + name, 2 * parameter.length() * Float.BYTES);
    float[] stored = new float[Math.toIntExact(parameter.length())];
    flat.read(parameter.offset(), stored);
    return parameter.toRowMajor(stored);
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void close() {
    // the flat vector belongs to the caller
  }
}
