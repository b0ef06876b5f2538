package vivit.model.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of one checkpoint in Scenic's names (Linen numbering, no prefixes) and Scenic's
 * shapes, whatever the file's own format.
 *
 * <p>Opening reads headers and indices only, and refuses what is no whole ViT or ViViT: a tensor
 * that is missing, unknown or not of the shape that the others ask for. {@link #floats} reads one
 * tensor. The names are those that the file holds, so an image ViT has {@code head/kernel} where a
 * ViViT has {@code output_projection/kernel}; with several heads Scenic's one projection stays one
 * tensor.
 */
public interface TensorSource extends Closeable {

  /** Metadata key: optimiser steps done when the checkpoint was saved. */
  String STEP = "step";

  /** The file's name, for messages. */
  String name();

  /** The file's own format. */
  Format format();

  /**
   * Names, Scenic's shapes and stored types, in the order of the file; {@code offset} is the first
   * byte of the numbers in the file, or of the compressed piece that holds them. No tensor is read.
   */
  List<TensorEntry> tensors();

  /**
   * The numbers of one tensor, row-major in Scenic's shape.
   *
   * @throws IllegalArgumentException when no tensor is called so
   * @throws CorruptCheckpointException when the numbers cannot be what the index says
   */
  float[] floats(String name) throws IOException;

  /** What the file says about itself, such as {@link #STEP}. */
  Map<String, String> metadata();

  /** The optimiser's momentum, named and shaped as the parameters, where the file holds it. */
  default Optional<TensorSource> momentum() {
    return Optional.empty();
  }

  /** Whether a tensor is called so. */
  default boolean contains(String name) {
    return tensors().stream().anyMatch(tensor -> tensor.name().equals(name));
  }

  /** Kinds of files that hold a ViViT, or an image ViT to start one from. */
  enum Format {
    /** A zip of NumPy arrays, as the image ViT was published; reference section 2.5. */
    VIT_NPZ("ViT .npz"),
    /** One msgpack map, as Scenic and Flax save their training state; reference section 2.5. */
    SCENIC_MSGPACK("Scenic/Flax msgpack"),
    /** A folder with {@code config.json} and safetensors in PyTorch's names and layouts. */
    HUGGING_FACE("Hugging Face"),
    /** Safetensors in Scenic's names; what our own runs write. */
    SAFETENSORS("safetensors in Scenic's names");

    private final String title;

    Format(String title) {
      this.title = title;
    }

    /** What people call it. */
    public String title() {
      return title;
    }
  }
}
