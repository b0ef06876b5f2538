package vivit.model.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a model as one safetensors file of F32 tensors in Scenic's names and shapes, with several
 * heads side by side in one {@code output_projection}.
 */
public final class ScenicWriter {

  private ScenicWriter() {}

  /**
   * Writes all tensors of a source, and its metadata.
   *
   * @param out closed when done
   */
  public static void write(TensorSource source, OutputStream out) throws IOException {
    TensorSource merged = new MergedHeads(source);
    List<TensorEntry> tensors =
        merged.tensors().stream()
            .map(t -> TensorEntry.of(t.name(), ElementType.F32, t.shape()))
            .toList();
    Map<String, String> metadata = new TreeMap<>(merged.metadata());
    try (SafetensorsWriter writer = new SafetensorsWriter(out, tensors, metadata)) {
      for (TensorEntry tensor : tensors) {
        float[] values = merged.floats(tensor.name());
        writer.write(values, 0, values.length);
      }
    }
  }
}
