package vivit.model.checkpoint;

import java.io.IOException;
import java.util.List;

/**
 * The {@code config.json} of a ViViT in Hugging Face format: what determines the model's shapes,
 * and the names of its classes. Only what our Model 1 can be is accepted: LayerNorm epsilon 1e-6,
 * GELU in its tanh form, biases on query, key and value, 3 colour channels.
 *
 * @param tubelet frames, height and width
 * @param labels names of the classes, in the order of the logits
 * @param multiLabel sigmoid instead of softmax; the library's {@code multi_label_classification}
 */
public record HuggingFaceConfig(
    int frames,
    int height,
    int width,
    List<Integer> tubelet,
    int hiddenSize,
    int layers,
    int attentionHeads,
    int mlpSize,
    List<String> labels,
    boolean multiLabel) {

  /** The file's name in the folder. */
  public static final String FILE = "config.json";

  /** Refuses sizes that cannot work together. */
  public HuggingFaceConfig {
    tubelet = List.copyOf(tubelet);
    labels = List.copyOf(labels);
    require(tubelet.size() == 3, "tubelet_size " + tubelet + " has not 3 sizes");
    for (int size : tubelet) {
      require(size >= 1, "tubelet_size " + tubelet + " has a size below 1");
    }
    require(
        frames >= tubelet.get(0) && height >= tubelet.get(1) && width >= tubelet.get(2),
        "a clip of %d x %d x %d is smaller than one tubelet %s"
            .formatted(frames, height, width, tubelet));
    require(hiddenSize >= 1, "hidden_size is " + hiddenSize);
    require(
        attentionHeads >= 1 && hiddenSize % attentionHeads == 0,
        attentionHeads + " attention heads do not divide hidden_size " + hiddenSize);
    require(layers >= 1, "num_hidden_layers is " + layers);
    require(mlpSize >= 1, "intermediate_size is " + mlpSize);
    require(!labels.isEmpty(), "there is no class");
  }

  /** Reads and checks a {@code config.json}. */
  public static HuggingFaceConfig read(Bytes file) throws IOException {
    return HuggingFaceJson.read(file);
  }

  /** The JSON that the library reads. */
  public byte[] toJson() {
    return HuggingFaceJson.write(this);
  }

  /** Rows of the table of positions: all tokens of a clip, and the class token. */
  public long positions() {
    return 1
        + (long) (frames / tubelet.get(0)) * (height / tubelet.get(1)) * (width / tubelet.get(2));
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException("Impossible model: " + problem);
    }
  }
}
