package vivit.model.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.regularise.DropMasks;
import vivit.model.variant.EncoderPlan;

/** Drop masks of an encoder in the engine's memory: 1 keeps a clip's branch, 0 drops it. */
final class DropKeeps {

  private final Engine engine;
  private final EncoderPlan plan;
  private final Tensor table;
  private final int clips;

  DropKeeps(Engine engine, Arena arena, EncoderPlan plan, int clips) {
    this.engine = engine;
    this.plan = plan;
    this.clips = clips;
    table = arena.take(plan.layers(), plan.branches().size(), clips);
  }

  /** One per branch, block after block; absent where a branch is kept for every clip. */
  List<Optional<Tensor>> load(DropMasks masks) {
    if (masks.clips() != clips) {
      throw new IllegalArgumentException(
          "Drop masks for %d clips in a batch of %d".formatted(masks.clips(), clips));
    }
    double[] values = new double[(int) table.length()];
    List<Optional<Tensor>> keeps = new ArrayList<>();
    for (int layer = 0; layer < plan.layers(); layer++) {
      for (int branch = 0; branch < plan.branches().size(); branch++) {
        keeps.add(fill(masks, layer, branch, values));
      }
    }
    if (keeps.stream().anyMatch(Optional::isPresent)) {
      engine.load(values, table);
    }
    return keeps;
  }

  private Optional<Tensor> fill(DropMasks masks, int layer, int branch, double[] values) {
    int start = (layer * plan.branches().size() + branch) * clips;
    boolean any = false;
    for (int clip = 0; clip < clips; clip++) {
      boolean dropped = masks.dropped(plan.name(), layer, plan.layers(), branch, clip);
      values[start + clip] = dropped ? 0 : 1;
      any |= dropped;
    }
    return any ? Optional.of(table.rowMajor(start, clips)) : Optional.empty();
  }
}
