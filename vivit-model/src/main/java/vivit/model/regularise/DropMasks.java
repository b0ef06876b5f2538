package vivit.model.regularise;

/**
 * Which residual branches are dropped for which clip (stochastic depth). All frames of a clip share
 * the spatial encoder's masks.
 */
public interface DropMasks {

  /** Clips of the batch these masks are for. */
  int clips();

  /**
   * Whether a branch is left out.
   *
   * @param encoder the encoder's name, such as {@code SpatialTransformer}
   * @param layer block, from 0
   * @param layers blocks of that encoder
   * @param branch attention or MLP
   * @param clip row of the batch
   */
  boolean dropped(String encoder, int layer, int layers, Branch branch, int clip);

  /** The two residual branches of a block. */
  enum Branch {
    /** Self-attention. */
    ATTENTION(0),
    /** The MLP. */
    MLP(1);

    private final int position;

    Branch(int position) {
      this.position = position;
    }

    /** Place within the block, from 0. */
    public int position() {
      return position;
    }
  }
}
