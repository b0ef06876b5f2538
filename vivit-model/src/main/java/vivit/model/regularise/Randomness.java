package vivit.model.regularise;

/**
 * The randomness of one training pass.
 *
 * @param masks of stochastic depth
 * @param dropout rates and seeds
 */
public record Randomness(DropMasks masks, Dropout dropout) {

  /** Stochastic depth without dropout. */
  public Randomness(DropMasks masks) {
    this(masks, Dropout.NONE);
  }

  /** Neither stochastic depth nor dropout, for a batch of this size. */
  public static Randomness none(int clips) {
    return new Randomness(DropPath.none(clips));
  }

  /**
   * Residual branches that stochastic depth drops, per clip. All frames of a clip share the masks
   * of the spatial encoder.
   */
  public interface DropMasks {

    /** Clips in the batch. */
    int clips();

    /**
     * The factor of a branch for a clip: 0 if it is dropped, usually 1 if it is not.
     *
     * @param encoder the encoder's name, such as {@code SpatialTransformer}
     * @param layer block, from 0
     * @param layers blocks of that encoder
     * @param branch residual branch of the block, from 0: attention, then MLP; in Model 3 both
     *     attentions in order, then MLP
     * @param clip row of the batch
     */
    double factor(String encoder, int layer, int layers, int branch, int clip);
  }
}
