package vivit.model.network;

import java.util.List;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;

/**
 * What a residual branch's backward pass needs from its forward pass.
 *
 * @param statistics of the layer norm, {@code [2, b n]}
 * @param normalised the layer norm's output, {@code [b, n, d]}
 * @param wide the first dense layer's output: {@code [b, n, 3 d]} or {@code [b, n, m]}
 * @param inner what the second dense layer sees: {@code [b, n, d]} or {@code [b, n, m]}
 * @param attended per attention view, the same memory seen its way; empty for an MLP
 */
record BranchStash(
    Tensor statistics, Tensor normalised, Tensor wide, Tensor inner, List<Attended> attended) {

  /**
   * One attention view.
   *
   * @param wide query, key and value, {@code [b, (groups,) n, 3 d]}
   * @param inner {@code [b, (groups,) n, d]}
   * @param kept what the engine keeps of an attention
   */
  record Attended(Tensor wide, Tensor inner, Tensor kept) {}

  static BranchStash take(Engine engine, Arena arena, BlockSize size, ResidualBranch branch) {
    long b = size.sequences();
    long n = size.tokens();
    Tensor wide = arena.take(b, n, branch.wideWidth(size));
    Tensor inner = arena.take(b, n, branch.innerWidth(size));
    return new BranchStash(
        arena.take(2, b * n),
        arena.take(b, n, size.width()),
        wide,
        inner,
        branch.views().stream()
            .map(
                view -> {
                  Tensor seen = Views.see(wide, view);
                  long[] kept = engine.attentionStash(seen.shape(), view.heads());
                  return new Attended(seen, Views.see(inner, view), arena.take(kept));
                })
            .toList());
  }
}
