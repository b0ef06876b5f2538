package vivit.model.variant;

import java.util.List;
import vivit.model.shape.HeadRange;
import vivit.model.shape.TokenGrid;

/** Model 1: every token of a clip attends to every other. */
public record SpaceTime(int layers) implements Variant {

  @Override
  public Kind kind() {
    return Kind.SPACE_TIME;
  }

  @Override
  public List<EncoderPlan> encoders(TokenGrid grid, int extraTokens, int attentionHeads) {
    AttentionView all =
        AttentionView.joint(grid.tokens() + extraTokens, HeadRange.all(attentionHeads));
    return List.of(
        new EncoderPlan(
            EncoderPlan.JOINT, 1, grid.tokens(), layers, EncoderPlan.standardBlock(all)));
  }
}
