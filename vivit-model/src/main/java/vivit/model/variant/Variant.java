package vivit.model.variant;

import java.util.List;
import vivit.model.shape.TokenGrid;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;

/** How space and time meet; paper section 3.3. A variant is a chain of encoders. */
public sealed interface Variant
    permits SpaceTime,
        FactorisedEncoder,
        AveragePool,
        FactorisedSelfAttention,
        FactorisedDotProduct {

  /** Blocks of the encoder that sees every tubelet. */
  int layers();

  /** The configuration's word for it. */
  Kind kind();

  /**
   * The encoders in order. The first takes the tokens of the grid, cut into its sequences; each
   * next one takes the vectors that the one before read out of its sequences. If the last one has
   * several sequences per clip, their vectors are averaged.
   *
   * @param extraTokens tokens put before each sequence, 0 or 1
   * @param attentionHeads heads of every attention
   */
  List<EncoderPlan> encoders(TokenGrid grid, int extraTokens, int attentionHeads);

  /** Refuses read-outs and head counts that the variant cannot have; says why. */
  default void check(int extraTokens, int attentionHeads) {}

  /** The variants' names in configurations and checkpoints, in lower case with hyphens. */
  enum Kind {
    SPACE_TIME,
    FACTORISED_ENCODER,
    FACTORISED_SELF_ATTENTION,
    FACTORISED_DOT_PRODUCT,
    AVERAGE_POOL;

    /**
     * The variant of this kind; what a kind does not have is ignored.
     *
     * @param layers of the encoder that sees every tubelet
     * @param temporalLayers of the temporal encoder
     * @param order of the attentions
     */
    public Variant of(int layers, int temporalLayers, AttentionOrder order) {
      return switch (this) {
        case SPACE_TIME -> new SpaceTime(layers);
        case FACTORISED_ENCODER -> new FactorisedEncoder(layers, temporalLayers);
        case FACTORISED_SELF_ATTENTION -> new FactorisedSelfAttention(layers, order);
        case FACTORISED_DOT_PRODUCT -> new FactorisedDotProduct(layers);
        case AVERAGE_POOL -> new AveragePool(layers);
      };
    }
  }
}
