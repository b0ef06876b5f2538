package vivit.model.checkpoint;

import java.io.IOException;
import java.util.List;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.SpaceTime;

/**
 * The {@code config.json} of a ViViT in Hugging Face format: what determines the model's shapes,
 * and the names of its classes. Only what our Model 1 can be is accepted: LayerNorm epsilon 1e-6,
 * GELU in its tanh form, biases on query, key and value, 3 colour channels.
 *
 * @param labels names of the classes, in the order of the logits
 * @param loss sigmoid where the file says {@code multi_label_classification}
 */
public record HuggingFaceConfig(
    ClipShape clip,
    Tubelet tubelet,
    int hiddenSize,
    int layers,
    int attentionHeads,
    int mlpSize,
    List<String> labels,
    Loss loss) {

  /** The file's name in the folder. */
  public static final String FILE = "config.json";

  /** What the one head of {@link #model} is called. */
  public static final String HEAD = "classes";

  /** Refuses sizes that cannot work together. */
  public HuggingFaceConfig {
    labels = List.copyOf(labels);
    require(hiddenSize >= 1, "hidden_size is " + hiddenSize);
    require(
        attentionHeads >= 1 && hiddenSize % attentionHeads == 0,
        attentionHeads + " attention heads do not divide hidden_size " + hiddenSize);
    require(layers >= 1, "num_hidden_layers is " + layers);
    require(mlpSize >= 1, "intermediate_size is " + mlpSize);
    require(!labels.isEmpty(), "there is no class");
    clip.grid(tubelet);
  }

  /**
   * What describes a model of ours.
   *
   * @param labels names of the classes; empty for {@code LABEL_0, LABEL_1, ...}
   * @throws IllegalArgumentException for everything but Model 1 on tubelets with a class token and
   *     one head: the format knows no other
   */
  public static HuggingFaceConfig of(ViViTConfig model, List<String> labels) {
    if (!(model.variant() instanceof SpaceTime variant)) {
      throw cannot(
          "its variant is %s, and the format knows only Model 1".formatted(model.variant()));
    }
    if (model.readout() != Readout.TOKEN || model.sampledFrames() > 0) {
      throw cannot("the format knows only models on tubelets that read a class token");
    }
    if (model.heads().size() != 1 || model.representationSize() > 0) {
      throw cannot("the format knows only one head, directly on the class token");
    }
    Head head = model.heads().get(0);
    if (!labels.isEmpty() && labels.size() != head.classes()) {
      throw cannot("there are %d labels for %d classes".formatted(labels.size(), head.classes()));
    }
    return new HuggingFaceConfig(
        model.clip(),
        model.tubelet(),
        model.width(),
        variant.layers(),
        model.attentionHeads(),
        model.mlpWidth(),
        labels.isEmpty() ? HuggingFaceJson.namelessLabels(head.classes()) : labels,
        head.loss());
  }

  /** Reads and checks a {@code config.json}. */
  public static HuggingFaceConfig read(Bytes file) throws IOException {
    return HuggingFaceJson.read(file);
  }

  /** The JSON that the library reads. */
  public byte[] toJson() {
    return HuggingFaceJson.write(this);
  }

  /** Our model of the same shapes, without stochastic depth. */
  public ViViTConfig model() {
    return new ViViTConfig(
        clip,
        tubelet,
        hiddenSize,
        attentionHeads,
        mlpSize,
        new SpaceTime(layers),
        Readout.TOKEN,
        0,
        List.of(new Head(HEAD, labels.size(), loss)));
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException("Impossible model: " + problem);
    }
  }

  private static IllegalArgumentException cannot(String reason) {
    return new IllegalArgumentException(
        "Cannot write this model in Hugging Face format: "
            + reason
            + "; write safetensors in Scenic's names instead");
  }
}
