package vivit.model.variant;

import java.util.List;
import vivit.model.shape.HeadRange;
import vivit.model.shape.TokenGrid;
import vivit.model.variant.EncoderPlan.Attention;
import vivit.model.variant.EncoderPlan.Mlp;

/** Model 3: every block attends over space and over time, one after the other. */
public record FactorisedSelfAttention(int layers, AttentionOrder order) implements Variant {

  @Override
  public Kind kind() {
    return Kind.FACTORISED_SELF_ATTENTION;
  }

  @Override
  public List<EncoderPlan> encoders(TokenGrid grid, int extraTokens, int attentionHeads) {
    HeadRange heads = HeadRange.all(attentionHeads);
    Attention space = attention("space", AttentionView.space(grid, heads));
    Attention time = attention("time", AttentionView.time(grid, heads));
    Mlp mlp = new Mlp("LayerNorm_mlp", "MlpBlock");
    return List.of(
        new EncoderPlan(
            EncoderPlan.JOINT,
            1,
            grid.tokens(),
            layers,
            order == AttentionOrder.SPACE_TIME
                ? List.of(space, time, mlp)
                : List.of(time, space, mlp)));
  }

  private static Attention attention(String axis, AttentionView view) {
    return new Attention(
        "LayerNorm_" + axis, "MultiHeadDotProductAttention_" + axis, List.of(view));
  }

  @Override
  public void check(int extraTokens, int attentionHeads) {
    FactorisedDotProduct.refuseToken(extraTokens, "factorised self-attention");
  }

  /** Order of the attentions in a block. */
  public enum AttentionOrder {
    /** Space, then time: the paper's description (equations 4 to 6). */
    SPACE_TIME,
    /** Time, then space. */
    TIME_SPACE
  }
}
