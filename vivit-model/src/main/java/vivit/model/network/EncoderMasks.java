package vivit.model.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.DropoutMask;
import vivit.model.regularise.Randomness;
import vivit.model.regularise.Randomness.DropMasks;
import vivit.model.variant.EncoderPlan;

/** Draws the masks of stochastic depth and dropout of an encoder for every training pass. */
final class EncoderMasks {

  private final Engine engine;
  private final EncoderPlan plan;
  private final List<ResidualBranch> branches;
  private final Tensor keepTable;
  private final int clips;

  EncoderMasks(
      Engine engine, Arena arena, EncoderPlan plan, List<ResidualBranch> branches, int clips) {
    this.engine = engine;
    this.plan = plan;
    this.branches = branches;
    this.clips = clips;
    keepTable = arena.take(plan.layers(), plan.branches().size(), clips);
  }

  /**
   * Masks of one residual branch.
   *
   * @param keep {@code [clips]}: factors of the branch, 0 drops it; absent if all are 1
   * @param middle dropout between the two dense layers: one mask per attention view, on its
   *     probabilities, or one for the MLP's hidden layer
   * @param output dropout of the output that is added to the residual path
   */
  record BranchMasks(
      Optional<Tensor> keep, List<Optional<DropoutMask>> middle, Optional<DropoutMask> output) {

    boolean changeOutput() {
      return keep.isPresent() || output.isPresent();
    }
  }

  /** Masks that drop nothing, one set per branch. */
  List<BranchMasks> none() {
    return branches.stream()
        .map(
            branch ->
                new BranchMasks(
                    Optional.empty(),
                    Collections.nCopies(middles(branch), Optional.empty()),
                    Optional.empty()))
        .toList();
  }

  /** Masks of a pass, one set per branch, block after block. */
  List<BranchMasks> draw(Randomness randomness) {
    List<Optional<Tensor>> keeps = keeps(randomness.masks());
    List<BranchMasks> masks = new ArrayList<>();
    for (int branch = 0; branch < branches.size(); branch++) {
      masks.add(masks(randomness.dropout(), branch, keeps.get(branch)));
    }
    return masks;
  }

  /** The dropout mask after the positions. */
  Optional<DropoutMask> positions(Randomness randomness) {
    return randomness.dropout().mask(Dropout.Site.POSITIONS, plan.name(), 0, 0, plan.sequences());
  }

  private BranchMasks masks(Dropout dropout, int number, Optional<Tensor> keep) {
    ResidualBranch branch = branches.get(number);
    Dropout.Site place =
        branch.views().isEmpty() ? Dropout.Site.HIDDEN : Dropout.Site.PROBABILITIES;
    List<Optional<DropoutMask>> middle = new ArrayList<>();
    for (int part = 0; part < middles(branch); part++) {
      middle.add(dropout.mask(place, plan.name(), number, part, plan.sequences()));
    }
    return new BranchMasks(
        keep, middle, dropout.mask(Dropout.Site.OUTPUT, plan.name(), number, 0, plan.sequences()));
  }

  private static int middles(ResidualBranch branch) {
    return Math.max(1, branch.views().size());
  }

  /** Loads the keep masks into the engine; absent if all factors of a branch are 1. */
  private List<Optional<Tensor>> keeps(DropMasks masks) {
    if (masks.clips() != clips) {
      throw new IllegalArgumentException(
          "Drop masks for %d clips in a batch of %d".formatted(masks.clips(), clips));
    }
    double[] values = new double[(int) keepTable.length()];
    List<Optional<Tensor>> keeps = new ArrayList<>();
    for (int layer = 0; layer < plan.layers(); layer++) {
      for (int branch = 0; branch < plan.branches().size(); branch++) {
        keeps.add(keep(masks, layer, branch, values));
      }
    }
    if (keeps.stream().anyMatch(Optional::isPresent)) {
      engine.load(values, keepTable);
    }
    return keeps;
  }

  private Optional<Tensor> keep(DropMasks masks, int layer, int branch, double[] values) {
    int start = (layer * plan.branches().size() + branch) * clips;
    boolean all = true;
    for (int clip = 0; clip < clips; clip++) {
      double factor = masks.factor(plan.name(), layer, plan.layers(), branch, clip);
      values[start + clip] = factor;
      all &= factor == 1;
    }
    return all ? Optional.empty() : Optional.of(keepTable.rowMajor(start, clips));
  }
}
