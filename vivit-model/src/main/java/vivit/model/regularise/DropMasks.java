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
   * @param branch residual branch of the block, from 0: attention, then MLP; in Model 3 two
   *     attentions in their order, then MLP
   * @param clip row of the batch
   */
  boolean dropped(String encoder, int layer, int layers, int branch, int clip);
}
