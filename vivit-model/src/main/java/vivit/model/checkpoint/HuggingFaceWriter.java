package vivit.model.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import vivit.model.checkpoint.HuggingFaceNames.HuggingFaceTensor;

/**
 * Writes Model 1 as a folder that {@code VivitForVideoClassification.from_pretrained} loads: {@code
 * config.json}, {@code preprocessor_config.json} and {@code model.safetensors} under the names of
 * published files, which every version of the library reads. The library has no other variant.
 */
public final class HuggingFaceWriter {

  /** The file of tensors. */
  public static final String TENSORS = "model.safetensors";

  /** Metadata that version 4 of the library requires. */
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private HuggingFaceWriter() {}

  /** A folder to write to. */
  @FunctionalInterface
  public interface Folder {
    /** Creates a file; the writer closes it. */
    OutputStream create(String fileName) throws IOException;
  }

  /**
   * Writes all files, the tensors last.
   *
   * @param source a whole Model 1 with one head
   * @throws UnsupportedModelException when the source does not match the configuration
   */
  public static void write(TensorSource source, HuggingFaceConfig config, Folder folder)
      throws IOException {
    List<HuggingFaceTensor> tensors = HuggingFaceNames.of(config);
    requireSame(source, tensors);
    try (OutputStream out = folder.create(HuggingFaceConfig.FILE)) {
      out.write(config.toJson());
    }
    try (OutputStream out = folder.create(HuggingFacePixels.FILE)) {
      out.write(HuggingFacePixels.write(config.clip()));
    }
    List<TensorEntry> entries =
        tensors.stream()
            .map(t -> TensorEntry.of(t.hubInClassifier(), ElementType.F32, t.stored()))
            .toList();
    try (SafetensorsWriter writer =
        new SafetensorsWriter(folder.create(TENSORS), entries, METADATA)) {
      for (HuggingFaceTensor tensor : tensors) {
        float[] values = tensor.toStored(source.floats(tensor.scenic()));
        writer.write(values, 0, values.length);
      }
    }
  }

  private static void requireSame(TensorSource source, List<HuggingFaceTensor> expected)
      throws UnsupportedModelException {
    Map<String, TensorEntry> found =
        source.tensors().stream().collect(Collectors.toMap(TensorEntry::name, t -> t));
    for (HuggingFaceTensor tensor : expected) {
      TensorEntry entry = found.remove(tensor.scenic());
      if (entry == null || !Arrays.equals(entry.shape(), tensor.scenicShape())) {
        throw new UnsupportedModelException(
            "Cannot write %s in Hugging Face format: tensor %s has shape %s, expected %s"
                .formatted(
                    source.name(),
                    tensor.scenic(),
                    entry == null ? "none" : Arrays.toString(entry.shape()),
                    Arrays.toString(tensor.scenicShape())));
      }
    }
    if (!found.isEmpty()) {
      throw new UnsupportedModelException(
          "Cannot write %s in Hugging Face format: it has no place for tensor %s; that format"
                  .formatted(source.name(), found.keySet().iterator().next())
              + " knows only Model 1 with a class token and one head");
    }
  }
}
