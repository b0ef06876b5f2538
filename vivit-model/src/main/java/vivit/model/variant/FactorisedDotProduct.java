package vivit.model.variant;

import java.util.List;
import vivit.model.shape.HeadRange;
import vivit.model.shape.TokenGrid;

/** Model 4: the first half of the heads attends over time, the second over space. */
public record FactorisedDotProduct(int layers) implements Variant {

  @Override
  public Kind kind() {
    return Kind.FACTORISED_DOT_PRODUCT;
  }

  @Override
  public List<EncoderPlan> encoders(TokenGrid grid, int extraTokens, int attentionHeads) {
    int half = attentionHeads / 2;
    return List.of(
        new EncoderPlan(
            EncoderPlan.JOINT,
            1,
            grid.tokens(),
            layers,
            EncoderPlan.standardBlock(
                AttentionView.time(grid, new HeadRange(attentionHeads, 0, half)),
                AttentionView.space(grid, new HeadRange(attentionHeads, half, half)))));
  }

  @Override
  public void check(int extraTokens, int attentionHeads) {
    refuseToken(extraTokens, "factorised dot-product attention");
    if (attentionHeads % 2 != 0) {
      throw new IllegalArgumentException(
          "Factorised dot-product attention splits its heads into time and space, but "
              + attentionHeads
              + " is odd; use an even number of attention heads");
    }
  }

  static void refuseToken(int extraTokens, String variant) {
    if (extraTokens > 0) {
      throw new IllegalArgumentException(
          "A learned token has no place in space or time, so "
              + variant
              + " cannot read one out; use the read-out mean");
    }
  }
}
