package vivit.model.network;

import java.util.ArrayList;
import java.util.List;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;

/**
 * Inputs and stashes of an encoder's residual branches. Training keeps all; recomputing training
 * keeps the inputs of blocks, and one block's stash; inference keeps two inputs and one stash.
 */
final class BlockBuffers {

  private final List<Tensor> inputs = new ArrayList<>();
  private final List<BranchStash> stashes = new ArrayList<>();
  private final Encoder.Purpose purpose;

  BlockBuffers(
      Engine engine,
      Arena arena,
      BlockSize size,
      Encoder.Purpose purpose,
      List<ResidualBranch> branches,
      int perBlock) {
    this.purpose = purpose;
    for (int branch = 0; branch <= branches.size(); branch++) {
      boolean fresh =
          switch (purpose) {
            case TRAINING -> true;
            case RECOMPUTING_TRAINING -> branch % perBlock == 0 || branch < perBlock;
            case INFERENCE -> branch < 2;
          };
      inputs.add(
          fresh
              ? arena.take(size.sequences(), size.tokens(), size.width())
              : inputs.get(branch % (purpose == Encoder.Purpose.INFERENCE ? 2 : perBlock)));
    }
    for (int branch = 0; branch < branches.size(); branch++) {
      boolean own = purpose == Encoder.Purpose.TRAINING || branch < perBlock;
      stashes.add(
          own
              ? BranchStash.take(engine, arena, size, branches.get(branch))
              : stashes.get(branch % perBlock));
    }
  }

  /** What a branch adds to; the output of the branch before. */
  Tensor input(int branch) {
    return inputs.get(branch);
  }

  /** Output of the last branch. */
  Tensor output() {
    return inputs.get(inputs.size() - 1);
  }

  BranchStash stash(int branch) {
    return stashes.get(branch);
  }

  /** Whether a block's stash must be made again before its backward pass. */
  boolean recomputes() {
    return purpose == Encoder.Purpose.RECOMPUTING_TRAINING;
  }
}
