package vivit.model.variant;

import java.util.List;
import vivit.model.shape.HeadRange;
import vivit.model.shape.TokenGrid;

/**
 * The paper's baseline: Model 2 with the frame representations averaged over time instead of
 * encoded.
 */
public record AveragePool(int layers) implements Variant {

  @Override
  public Kind kind() {
    return Kind.AVERAGE_POOL;
  }

  @Override
  public List<EncoderPlan> encoders(TokenGrid grid, int extraTokens, int attentionHeads) {
    return List.of(spatial(grid, extraTokens, attentionHeads, layers));
  }

  /** The encoder that sees one time index at a time. */
  static EncoderPlan spatial(TokenGrid grid, int extraTokens, int attentionHeads, int layers) {
    AttentionView all =
        AttentionView.joint(grid.spatial() + extraTokens, HeadRange.all(attentionHeads));
    return new EncoderPlan(
        EncoderPlan.SPATIAL, grid.time(), grid.spatial(), layers, EncoderPlan.standardBlock(all));
  }
}
