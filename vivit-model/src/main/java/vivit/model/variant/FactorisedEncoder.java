package vivit.model.variant;

import java.util.List;
import vivit.model.shape.HeadRange;
import vivit.model.shape.TokenGrid;

/**
 * Model 2: a spatial encoder per time index, then a temporal encoder over the frames'
 * representations.
 */
public record FactorisedEncoder(int spatialLayers, int temporalLayers) implements Variant {

  /** Refuses encoders without blocks. */
  public FactorisedEncoder {
    if (temporalLayers < 1) {
      throw new IllegalArgumentException(
          "The temporal encoder has %d layers; it needs at least 1".formatted(temporalLayers));
    }
  }

  @Override
  public int layers() {
    return spatialLayers;
  }

  @Override
  public Kind kind() {
    return Kind.FACTORISED_ENCODER;
  }

  @Override
  public List<EncoderPlan> encoders(TokenGrid grid, int extraTokens, int attentionHeads) {
    AttentionView frames =
        AttentionView.joint(grid.time() + extraTokens, HeadRange.all(attentionHeads));
    return List.of(
        AveragePool.spatial(grid, extraTokens, attentionHeads, spatialLayers),
        new EncoderPlan(
            EncoderPlan.TEMPORAL,
            1,
            grid.time(),
            temporalLayers,
            EncoderPlan.standardBlock(frames)));
  }
}
