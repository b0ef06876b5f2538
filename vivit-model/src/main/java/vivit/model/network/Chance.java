package vivit.model.network;

import java.util.List;
import java.util.Optional;
import vivit.model.engine.Tensor;
import vivit.model.regularise.DropoutMask;

/**
 * What chance does to one residual branch in one pass.
 *
 * @param keep one number per clip: 1 keeps the branch, 0 drops it; absent where nothing is dropped
 * @param inner dropout between the two dense layers: one per attention view (on its probabilities),
 *     or one of the MLP
 * @param output dropout of what is added to the residual path
 */
record Chance(
    Optional<Tensor> keep, List<Optional<DropoutMask>> inner, Optional<DropoutMask> output) {

  /** Nothing is dropped between or behind the layers. */
  static Chance keeping(Optional<Tensor> keep, int views) {
    return new Chance(
        keep, java.util.Collections.nCopies(views, Optional.empty()), Optional.empty());
  }

  boolean changesOutput() {
    return keep.isPresent() || output.isPresent();
  }
}
