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
 * The {@code config.json} of a ViViT in Hugging Face format: the sizes of the model and the names
 * of its classes. It must describe a Model 1 of this program: LayerNorm epsilon 1e-6, GELU in its
 * tanh form, biases on query, key and value, 3 colour channels.
 *
 * @param labels names of the classes, in the order of the logits
 * @param loss sigmoid if the file states {@code multi_label_classification}, otherwise softmax
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

  /** Name of the file. */
  public static final String FILE = "config.json";

  /** Name of the only head of {@link #model}. */
  public static final String HEAD = "classes";

  /** Refuses sizes that do not fit together. */
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
   * Creates the configuration for a model.
   *
   * @param labels names of the classes; empty for {@code LABEL_0, LABEL_1, ...}
   * @throws UnsupportedModelException unless it is a Model 1 on tubelets with a class token and one
   *     head, the only one of the format
   */
  public static HuggingFaceConfig of(ViViTConfig model, List<String> labels)
      throws UnsupportedModelException {
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

  /**
   * Whether the classes have the library's names for classes without names, {@code LABEL_0, ...}.
   */
  public boolean isNameless() {
    return labels.equals(HuggingFaceJson.namelessLabels(labels.size()));
  }

  /** The configuration as JSON. */
  public byte[] toJson() {
    return HuggingFaceJson.write(this);
  }

  /** Builds a model of these sizes, without stochastic depth. */
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

  private static UnsupportedModelException cannot(String reason) {
    return new UnsupportedModelException(
        "Cannot write this model in Hugging Face format: "
            + reason
            + "; write safetensors in Scenic's names instead");
  }
}
