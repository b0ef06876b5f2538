package vivit.model;

/** The backbones of the paper (section 4.1) and the two smaller ones of ViT. */
public enum Preset {
  TI(192, 12, 3, 768),
  S(384, 12, 6, 1536),
  B(768, 12, 12, 3072),
  L(1024, 24, 16, 4096),
  H(1280, 32, 16, 5120);

  private final int width;
  private final int layers;
  private final int attentionHeads;
  private final int mlpWidth;

  Preset(int width, int layers, int attentionHeads, int mlpWidth) {
    this.width = width;
    this.layers = layers;
    this.attentionHeads = attentionHeads;
    this.mlpWidth = mlpWidth;
  }

  /** Width of a token. */
  public int width() {
    return width;
  }

  /** Blocks of the (spatial) encoder. */
  public int layers() {
    return layers;
  }

  /** Attention heads. */
  public int attentionHeads() {
    return attentionHeads;
  }

  /** Hidden width of the MLP. */
  public int mlpWidth() {
    return mlpWidth;
  }
}
