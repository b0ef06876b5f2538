package vivit.model.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.regularise.DropMasks;
import vivit.model.regularise.DropMasks.Branch;

/** Drop masks of an encoder in the engine's memory: 1 keeps a clip's branch, 0 drops it. */
final class DropKeeps {

  private final Engine engine;
  private final String encoder;
  private final int layers;
  private final Tensor table;
  private final int clips;

  DropKeeps(Engine engine, Arena arena, String encoder, int layers, int clips) {
    this.engine = engine;
    this.encoder = encoder;
    this.layers = layers;
    this.clips = clips;
    table = arena.take(layers, Branch.values().length, clips);
  }

  /** One per block. */
  List<EncoderBlock.Keep> load(DropMasks masks) {
    if (masks.clips() != clips) {
      throw new IllegalArgumentException(
          "Drop masks for %d clips in a batch of %d".formatted(masks.clips(), clips));
    }
    double[] values = new double[(int) table.length()];
    List<EncoderBlock.Keep> keeps = new ArrayList<>();
    boolean any = false;
    for (int layer = 0; layer < layers; layer++) {
      Optional<Tensor> attention = fill(masks, layer, Branch.ATTENTION, values);
      Optional<Tensor> mlp = fill(masks, layer, Branch.MLP, values);
      keeps.add(new EncoderBlock.Keep(attention, mlp));
      any |= attention.isPresent() || mlp.isPresent();
    }
    if (any) {
      engine.load(values, table);
    }
    return keeps;
  }

  private Optional<Tensor> fill(DropMasks masks, int layer, Branch branch, double[] values) {
    int start = (layer * Branch.values().length + branch.position()) * clips;
    boolean any = false;
    for (int clip = 0; clip < clips; clip++) {
      boolean dropped = masks.dropped(encoder, layer, layers, branch, clip);
      values[start + clip] = dropped ? 0 : 1;
      any |= dropped;
    }
    return any ? Optional.of(table.rowMajor(start, clips)) : Optional.empty();
  }
}
