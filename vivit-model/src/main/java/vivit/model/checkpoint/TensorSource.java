package vivit.model.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a checkpoint of any format, under Scenic's names (Linen numbering, no prefixes)
 * and in Scenic's shapes.
 *
 * <p>Opening reads headers and indices only. It refuses files that are not exactly one whole ViT or
 * ViViT: a tensor is missing or unknown, or its shape contradicts the other tensors. An image ViT
 * has {@code head/kernel} instead of a ViViT's {@code output_projection/kernel}; the single
 * projection of several Scenic heads stays one tensor.
 */
public interface TensorSource extends Closeable {

  /** Metadata key: optimiser steps done when the checkpoint was saved. */
  String STEP = "step";

  /** Name of the file, for messages. */
  String name();

  /** Format of the file. */
  Format format();

  /**
   * Names, Scenic's shapes and stored types in the order of the file. {@code offset} is the first
   * byte of the numbers in the file, or of the compressed member that holds them. Reads no tensor.
   */
  List<TensorEntry> tensors();

  /**
   * Reads one tensor, row-major in Scenic's shape.
   *
   * @throws IllegalArgumentException when there is no tensor of this name
   * @throws CorruptCheckpointException when the numbers contradict the index
   */
  float[] floats(String name) throws IOException;

  /** Names of what the file holds besides the model, which nothing reads. */
  default List<String> others() {
    return List.of();
  }

  /** Metadata of the file, such as {@link #STEP}. */
  Map<String, String> metadata();

  /** Formats of files that hold a ViViT, or an image ViT to start from. */
  enum Format {
    /** A zip of NumPy arrays, the format of the published image ViTs; docs/vivit.md, 3.5. */
    VIT_NPZ("ViT .npz"),
    /** One msgpack map, the training state of Scenic and Flax; docs/vivit.md, 3.5. */
    SCENIC_MSGPACK("Scenic/Flax msgpack"),
    /** A folder with {@code config.json} and safetensors in PyTorch's names and layouts. */
    HUGGING_FACE("Hugging Face"),
    /** Safetensors in Scenic's names, the format of this program's runs. */
    SAFETENSORS("safetensors in Scenic's names");

    private final String title;

    Format(String title) {
      this.title = title;
    }

    /** The name for people. */
    public String title() {
      return title;
    }
  }
}
