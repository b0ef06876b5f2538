package vivit.model.parameter;

import java.util.List;
import vivit.model.ViViTConfig;
import vivit.model.variant.EncoderPlan;

/**
 * Distance of parameters from the heads, in blocks, for layer-wise learning rates. The heads, the
 * dense layer before them and the last encoder's final norm have depth 0, the last block 1, the one
 * before it 2, and so on through all encoders; an encoder's positions and learned token are one
 * deeper than its first block, as is the embedding for the first encoder.
 */
public final class LayerDepth {

  private final List<EncoderPlan> encoders;
  private final int blocks;

  /** Computes the depths of a model. */
  public LayerDepth(ViViTConfig config) {
    encoders = config.encoders();
    blocks = encoders.stream().mapToInt(EncoderPlan::layers).sum();
  }

  /** Depth of a parameter. */
  public int of(Parameter parameter) {
    String name = parameter.name();
    int before = 0;
    for (EncoderPlan encoder : encoders) {
      if (name.equals(encoder.token()) || name.startsWith(encoder.name() + "/posembed_input/")) {
        return blocks - before + 1;
      }
      for (int layer = 0; layer < encoder.layers(); layer++) {
        if (name.startsWith(encoder.block(layer) + "/")) {
          return blocks - before - layer;
        }
      }
      before += encoder.layers();
      if (name.startsWith(encoder.name() + "/encoder_norm/")) {
        return blocks - before;
      }
    }
    return name.startsWith("embedding/") ? blocks + 1 : 0;
  }
}
