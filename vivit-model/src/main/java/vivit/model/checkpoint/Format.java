package vivit.model.checkpoint;

/** Kinds of files that hold a ViViT, or an image ViT to start one from. */
public enum Format {
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
