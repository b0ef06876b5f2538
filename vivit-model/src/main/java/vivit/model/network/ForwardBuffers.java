package vivit.model.network;

import java.util.ArrayList;
import java.util.List;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.model.variant.AttentionView;

/**
 * Memory of one pass through the blocks of an encoder: the input of every residual branch, and the
 * results that its backward pass needs. Training keeps all of it; recomputing training keeps the
 * inputs of the blocks and one block's stash; inference keeps two inputs and one block's stash.
 */
final class ForwardBuffers {

  private final List<Tensor> inputs = new ArrayList<>();
  private final List<BranchStash> stashes = new ArrayList<>();
  private final Encoder.Mode mode;

  /**
   * Sizes of a pass.
   *
   * @param sequences b, over all clips
   * @param tokens n of a sequence, the learned one included
   */
  record PassSize(long sequences, long tokens, long width, long mlpWidth) {}

  /**
   * The results that a residual branch keeps for its backward pass.
   *
   * @param statistics of the layer norm, {@code [2, b n]}
   * @param normalised output of the layer norm, {@code [b, n, d]}
   * @param firstOutput output of the first dense layer, {@code [b, n, 3 d]} or {@code [b, n, m]}
   * @param secondInput input of the second dense layer, {@code [b, n, d]} or {@code [b, n, m]}
   * @param attentions the same memory as each attention view sees it; empty for an MLP
   */
  record BranchStash(
      Tensor statistics,
      Tensor normalised,
      Tensor firstOutput,
      Tensor secondInput,
      List<AttentionStash> attentions) {

    static BranchStash take(Engine engine, Arena arena, PassSize size, ResidualBranch branch) {
      long b = size.sequences();
      long n = size.tokens();
      Tensor firstOutput = arena.take(b, n, branch.firstOutputWidth(size));
      Tensor secondInput = arena.take(b, n, branch.secondInputWidth(size));
      return new BranchStash(
          arena.take(2, b * n),
          arena.take(b, n, size.width()),
          firstOutput,
          secondInput,
          branch.views().stream()
              .map(view -> AttentionStash.take(engine, arena, firstOutput, secondInput, view))
              .toList());
    }
  }

  /**
   * The results that one attention view keeps.
   *
   * @param packed query, key and value, {@code [b, (groups,) n, 3 d]}
   * @param out {@code [b, (groups,) n, d]}
   * @param stash of the engine
   */
  record AttentionStash(Tensor packed, Tensor out, Tensor stash) {
    static AttentionStash take(
        Engine engine, Arena arena, Tensor packed, Tensor out, AttentionView view) {
      Tensor grouped = grouped(packed, view);
      long[] stash = engine.attentionStash(grouped.shape(), view.heads());
      return new AttentionStash(grouped, grouped(out, view), arena.take(stash));
    }
  }

  ForwardBuffers(
      Engine engine,
      Arena arena,
      PassSize size,
      Encoder.Mode mode,
      List<ResidualBranch> branches,
      int perBlock) {
    this.mode = mode;
    for (int branch = 0; branch <= branches.size(); branch++) {
      boolean fresh =
          switch (mode) {
            case TRAINING -> true;
            case RECOMPUTING_TRAINING -> branch % perBlock == 0 || branch < perBlock;
            case INFERENCE -> branch < 2;
          };
      inputs.add(
          fresh
              ? arena.take(size.sequences(), size.tokens(), size.width())
              : inputs.get(branch % (mode == Encoder.Mode.INFERENCE ? 2 : perBlock)));
    }
    for (int branch = 0; branch < branches.size(); branch++) {
      boolean own = mode == Encoder.Mode.TRAINING || branch < perBlock;
      stashes.add(
          own
              ? BranchStash.take(engine, arena, size, branches.get(branch))
              : stashes.get(branch % perBlock));
    }
  }

  /** Tokens {@code [b, n, w]} as an attention view groups them. */
  static Tensor grouped(Tensor tokens, AttentionView view) {
    return tokens.view(0, view.shape(tokens.shape()), view.strides(tokens.shape()));
  }

  /** Input of a branch, {@code [b, n, d]}: the output of the previous branch. */
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

  /** Whether the forward pass of a block must be repeated before its backward pass. */
  boolean recomputes() {
    return mode == Encoder.Mode.RECOMPUTING_TRAINING;
  }
}
