package vivit.model.network;

import java.util.List;
import vivit.model.engine.Arena;
import vivit.model.engine.Tensor;
import vivit.model.network.ForwardBuffers.PassSize;

/** Memory for the gradients of intermediate results; all branches of an encoder share it. */
final class BackwardBuffers {

  private final PassSize size;
  private final Tensor branchOutput;
  private final Tensor normalised;
  private final Tensor firstOutput;
  private final List<BranchGradients> branches;
  private final Tensor flow;
  private final Tensor readout;
  private final Tensor tokens;

  /**
   * Allocates memory for a pass.
   *
   * @param block the branches of one block
   * @param tokens of a sequence, without the learned one
   */
  BackwardBuffers(Arena arena, PassSize size, List<ResidualBranch> block, long tokens) {
    this.size = size;
    branchOutput = arena.take(size.sequences(), size.tokens(), size.width());
    normalised = arena.take(size.sequences(), size.tokens(), size.width());
    long widest = Math.max(3 * size.width(), size.mlpWidth());
    firstOutput = arena.take(size.sequences() * size.tokens() * widest);
    branches = block.stream().map(this::gradients).toList();
    flow = arena.take(size.sequences(), size.tokens(), size.width());
    readout = arena.take(size.sequences(), size.width());
    this.tokens = arena.take(size.sequences(), tokens, size.width());
  }

  /**
   * Gradients inside a branch.
   *
   * @param firstOutput with respect to the first dense layer's output
   * @param secondInput with respect to the second dense layer's input; shares the memory of {@code
   *     firstOutput} in an MLP and of {@link #normalised} in an attention
   * @param attentions the same memory as each attention view sees it; empty for an MLP
   */
  record BranchGradients(
      Tensor firstOutput, Tensor secondInput, List<AttentionGradients> attentions) {}

  /** Gradients with respect to the operands of one attention view. */
  record AttentionGradients(Tensor packed, Tensor out) {}

  private BranchGradients gradients(ResidualBranch branch) {
    Tensor first =
        firstOutput.rowMajor(0, size.sequences(), size.tokens(), branch.firstOutputWidth(size));
    Tensor second = branch.views().isEmpty() ? first : normalised;
    return new BranchGradients(
        first,
        second,
        branch.views().stream()
            .map(
                view ->
                    new AttentionGradients(
                        ForwardBuffers.grouped(first, view), ForwardBuffers.grouped(second, view)))
            .toList());
  }

  /**
   * Gradient with respect to the output that a branch adds to the residual path, {@code [b, n, d]}.
   */
  Tensor branchOutput() {
    return branchOutput;
  }

  /** Gradient with respect to a layer norm's output, {@code [b, n, d]}. */
  Tensor normalised() {
    return normalised;
  }

  /** The shared memory as the n-th branch of every block uses it. */
  BranchGradients branch(int n) {
    return branches.get(n);
  }

  /** Gradient with respect to the residual path, {@code [b, n, d]}. */
  Tensor flow() {
    return flow;
  }

  /** Gradient with respect to the token that is read out, {@code [b, d]}. */
  Tensor readout() {
    return readout;
  }

  /** Gradient with respect to the encoder's input, {@code [b, n, d]} without the learned token. */
  Tensor tokens() {
    return tokens;
  }
}
