package vivit.model.variant;

import java.util.List;
import vivit.model.shape.TokenGrid;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;

/**
 * The arrangement of attention over space and time; paper section 3.3. A variant is a chain of
 * encoders.
 */
public sealed interface Variant
    permits SpaceTime,
        FactorisedEncoder,
        AveragePool,
        FactorisedSelfAttention,
        FactorisedDotProduct {

  /** Blocks of the encoder that sees every tubelet. */
  int layers();

  /** The variant's name in configurations. */
  Kind kind();

  /**
   * The encoders in order. The first takes the tokens of the grid, split into its sequences; each
   * later one takes the vectors that its predecessor reads out of its sequences. If the last
   * encoder has several sequences per clip, their vectors are averaged.
   *
   * @param extraTokens learned tokens prepended to each sequence, 0 or 1
   * @param attentionHeads heads of every attention
   */
  List<EncoderPlan> encoders(TokenGrid grid, int extraTokens, int attentionHeads);

  /** Refuses read-outs and numbers of heads that the variant does not support, and says why. */
  default void check(int extraTokens, int attentionHeads) {}

  /** The variants' names in configurations and checkpoints, in lower case with hyphens. */
  enum Kind {
    SPACE_TIME,
    FACTORISED_ENCODER,
    FACTORISED_SELF_ATTENTION,
    FACTORISED_DOT_PRODUCT,
    AVERAGE_POOL;

    /**
     * Creates a variant of this kind; arguments that the kind lacks are ignored.
     *
     * @param layers blocks of the encoder that sees every tubelet
     * @param temporalLayers blocks of the temporal encoder
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
