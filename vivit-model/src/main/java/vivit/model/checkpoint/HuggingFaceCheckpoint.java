package vivit.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import vivit.model.checkpoint.HuggingFaceNames.HuggingFaceTensor;
import vivit.model.checkpoint.TensorSource.Format;

/**
 * A folder in Hugging Face format: {@code config.json} with {@code model.safetensors}, or with
 * several files that {@code model.safetensors.index.json} lists. Every tensor must match the
 * configuration, and none may be missing or unknown. Only the classifier may be absent, as a whole.
 *
 * <p>If {@code preprocessor_config.json} scales pixels otherwise than to [-1, 1], the embedding is
 * changed such that the model is the same function of the same frames; docs/vivit.md, 3.5.
 */
public final class HuggingFaceCheckpoint implements TensorSource {

  private static final String KERNEL = "embedding/kernel";
  private static final String BIAS = "embedding/bias";

  private record StoredTensor(
      HuggingFaceTensor tensor, SafetensorsIndex index, TensorEntry entry) {}

  private final Bytes file;
  private final HuggingFaceConfig config;
  private final HuggingFacePixels pixels;
  private final List<SafetensorsIndex> parts;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private HuggingFaceCheckpoint(
      Bytes file,
      HuggingFaceConfig config,
      HuggingFacePixels pixels,
      List<SafetensorsIndex> parts) {
    this.file = file;
    this.config = config;
    this.pixels = pixels;
    this.parts = parts;
  }

  /** Opens a folder with a single file of tensors. */
  static HuggingFaceCheckpoint open(SafetensorsIndex index) throws IOException {
    Bytes file = index.file();
    HuggingFaceCheckpoint checkpoint =
        new HuggingFaceCheckpoint(file, config(file), pixels(file), List.of(index));
    checkpoint.match();
    return checkpoint;
  }

  /**
   * Opens a folder with several files of tensors, listed in {@code model.safetensors.index.json}.
   */
  static HuggingFaceCheckpoint openSharded(Bytes list) throws IOException {
    Map<String, List<String>> namesOfFile = new LinkedHashMap<>();
    JsonNode places = StrictJson.read(list).path("weight_map");
    for (Map.Entry<String, JsonNode> place :
        (Iterable<Map.Entry<String, JsonNode>>) places::fields) {
      String part = place.getValue().asText();
      if (!part.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.safetensors")) {
        throw CorruptCheckpointException.at(
            list.name(),
            0,
            "tensor %s is listed in '%s', which is not a safetensors file of this folder"
                .formatted(place.getKey(), part));
      }
      namesOfFile.computeIfAbsent(part, key -> new ArrayList<>()).add(place.getKey());
    }
    List<SafetensorsIndex> parts = new ArrayList<>();
    try {
      for (Map.Entry<String, List<String>> part : namesOfFile.entrySet()) {
        Bytes bytes =
            list.sibling(part.getKey())
                .orElseThrow(
                    () ->
                        CorruptCheckpointException.at(
                            list.name(), 0, "file %s is missing".formatted(part.getKey())));
        parts.add(read(bytes));
        requireListed(list, part.getValue(), parts.get(parts.size() - 1));
      }
      HuggingFaceCheckpoint checkpoint =
          new HuggingFaceCheckpoint(list, config(list), pixels(list), List.copyOf(parts));
      checkpoint.match();
      return checkpoint;
    } catch (IOException | RuntimeException | Error e) {
      for (SafetensorsIndex part : parts) {
        part.file().close();
      }
      throw e;
    }
  }

  /** Sizes of the model and names of its classes. */
  public HuggingFaceConfig config() {
    return config;
  }

  /** What the reader should know of how the folder's pixels are scaled; empty if as here. */
  public Optional<String> note() {
    if (pixels.isOurs()) {
      return Optional.empty();
    }
    String said =
        "%s of %s scales pixels to %s, where v are those of this program, in [-1, 1]"
            .formatted(HuggingFacePixels.FILE, name(), pixels);
    return Optional.of(
        pixels.isNormalisedTwice()
            ? said
                + "; that normalises twice what the published models learned from, and is not applied"
            : said + "; the embedding is changed to match");
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public Format format() {
    return Format.HUGGING_FACE;
  }

  @Override
  public List<TensorEntry> tensors() {
    return tensors.values().stream()
        .map(
            stored ->
                new TensorEntry(
                    stored.tensor().scenic(),
                    stored.entry().type(),
                    stored.tensor().scenicShape(),
                    stored.entry().offset()))
        .toList();
  }

  @Override
  public float[] floats(String name) throws IOException {
    float[] values = stored(name);
    if (pixels.isOurs() || pixels.isNormalisedTwice()) {
      return values;
    }
    return switch (name) {
      case KERNEL -> pixels.kernel(values, config.hiddenSize());
      case BIAS -> pixels.bias(values, stored(KERNEL));
      default -> values;
    };
  }

  private float[] stored(String name) throws IOException {
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      throw new IllegalArgumentException("No tensor of " + name() + " is called " + name);
    }
    return stored.tensor().toScenic(stored.index().floats(stored.entry()));
  }

  /** Empty, as the format has no counter of steps. */
  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void close() throws IOException {
    for (SafetensorsIndex part : parts) {
      part.file().close();
    }
    file.close();
  }

  private static SafetensorsIndex read(Bytes file) throws IOException {
    try {
      return SafetensorsIndex.read(file);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static HuggingFaceConfig config(Bytes tensors) throws IOException {
    try (Bytes file =
        tensors
            .sibling(HuggingFaceConfig.FILE)
            .orElseThrow(
                () ->
                    CorruptCheckpointException.at(
                        tensors.name(),
                        0,
                        "%s is missing next to it; only that file states the number of attention heads"
                            .formatted(HuggingFaceConfig.FILE)))) {
      return HuggingFaceConfig.read(file);
    }
  }

  private static HuggingFacePixels pixels(Bytes tensors) throws IOException {
    Optional<Bytes> found = tensors.sibling(HuggingFacePixels.FILE);
    if (found.isEmpty()) {
      return HuggingFacePixels.OURS;
    }
    try (Bytes file = found.get()) {
      return HuggingFacePixels.read(file);
    }
  }

  private static void requireListed(Bytes list, List<String> names, SafetensorsIndex part)
      throws CorruptCheckpointException {
    for (String name : names) {
      if (!part.tensors().containsKey(name)) {
        throw CorruptCheckpointException.at(
            part.file().name(),
            0,
            "tensor %s is missing, but %s places it here".formatted(name, list.name()));
      }
    }
    if (names.size() != part.tensors().size()) {
      throw CorruptCheckpointException.at(
          part.file().name(),
          0,
          "found %d tensors, but %s lists %d of them"
              .formatted(part.tensors().size(), list.name(), names.size()));
    }
  }

  /** Finds every tensor of the model in the files. */
  private void match() throws CorruptCheckpointException {
    long found = parts.stream().mapToLong(part -> part.tensors().size()).sum();
    if (config.layers() > found) {
      throw CorruptCheckpointException.at(
          file.name(),
          0,
          "found %d tensors, too few for the %d layers of %s"
              .formatted(found, config.layers(), HuggingFaceConfig.FILE));
    }
    Map<String, HuggingFaceTensor> known = new HashMap<>();
    List<HuggingFaceTensor> expected = HuggingFaceNames.of(config);
    for (HuggingFaceTensor tensor : expected) {
      known.put(tensor.hub(), tensor);
      known.put(tensor.module(), tensor);
    }
    for (SafetensorsIndex part : parts) {
      for (TensorEntry entry : part.entries()) {
        String name = entry.name();
        if (name.startsWith(HuggingFaceNames.PREFIX)) {
          name = name.substring(HuggingFaceNames.PREFIX.length());
        }
        if (!HuggingFaceNames.isPooler(name)) {
          match(part, entry, known.get(name));
        }
      }
    }
    boolean classifier = tensors.keySet().stream().anyMatch(n -> n.startsWith("output_projection"));
    for (HuggingFaceTensor tensor : expected) {
      boolean needed = tensor.isInBackbone() || classifier;
      if (needed && !tensors.containsKey(tensor.scenic())) {
        throw CorruptCheckpointException.at(
            file.name(), 0, "tensor %s is missing".formatted(tensor.hubInClassifier()));
      }
    }
  }

  private void match(SafetensorsIndex part, TensorEntry entry, HuggingFaceTensor tensor)
      throws CorruptCheckpointException {
    String source = part.file().name();
    if (tensor == null) {
      throw CorruptCheckpointException.at(
          source,
          entry.offset(),
          "tensor %s is not part of a ViViT of %d layers".formatted(entry.name(), config.layers()));
    }
    if (!Arrays.equals(entry.shape(), tensor.stored())) {
      throw CorruptCheckpointException.at(
          source,
          entry.offset(),
          "tensor %s has shape %s, expected %s by %s"
              .formatted(
                  entry.name(),
                  Arrays.toString(entry.shape()),
                  Arrays.toString(tensor.stored()),
                  HuggingFaceConfig.FILE));
    }
    entry.requireReadable(source);
    if (tensors.put(tensor.scenic(), new StoredTensor(tensor, part, entry)) != null) {
      throw CorruptCheckpointException.at(
          source, entry.offset(), "tensor %s occurs twice".formatted(entry.name()));
    }
  }
}
