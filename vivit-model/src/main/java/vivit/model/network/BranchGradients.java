package vivit.model.network;

import java.util.List;
import vivit.model.engine.Arena;
import vivit.model.engine.Tensor;

/** Gradients of the intermediate results; all branches of an encoder share the memory. */
final class BranchGradients {

  private final BlockSize size;
  private final Tensor output;
  private final Tensor token;
  private final Tensor wide;

  BranchGradients(Arena arena, BlockSize size) {
    this.size = size;
    output = arena.take(size.sequences(), size.tokens(), size.width());
    token = arena.take(size.sequences(), size.tokens(), size.width());
    wide =
        arena.take(size.sequences() * size.tokens() * Math.max(3 * size.width(), size.mlpWidth()));
  }

  /** At what is added to the residual path, {@code [b, n, d]}. */
  Tensor output() {
    return output;
  }

  /** At the layer norm's output, {@code [b, n, d]}. */
  Tensor token() {
    return token;
  }

  /** The memory as one branch uses it. */
  OfBranch of(ResidualBranch branch) {
    Tensor wideOf = wide.rowMajor(0, size.sequences(), size.tokens(), branch.wideWidth(size));
    Tensor inner = branch.views().isEmpty() ? wideOf : token;
    return new OfBranch(
        wideOf,
        inner,
        branch.views().stream()
            .map(view -> new Seen(Views.see(wideOf, view), Views.see(inner, view)))
            .toList());
  }

  /**
   * Gradients at a branch's intermediate results.
   *
   * @param wide at the first dense layer's output
   * @param inner at the second dense layer's input; of an MLP the same memory as {@code wide}, of
   *     an attention the same as {@link #token}
   * @param seen per attention view
   */
  record OfBranch(Tensor wide, Tensor inner, List<Seen> seen) {}

  /** {@code wide} and {@code inner} as an attention view sees them. */
  record Seen(Tensor wide, Tensor inner) {}
}
