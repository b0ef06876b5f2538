package vivit.model.network;

import vivit.model.engine.Arena;
import vivit.model.engine.Tensor;

/** What a block's backward pass needs from its forward pass, for b sequences of n tokens. */
record BlockStash(
    Tensor attentionStatistics,
    Tensor attentionInput,
    Tensor packed,
    Tensor probabilities,
    Tensor attended,
    Tensor afterAttention,
    Tensor mlpStatistics,
    Tensor mlpInput,
    Tensor hidden,
    Tensor activated) {

  static BlockStash take(Arena arena, BlockSize size) {
    long b = size.sequences();
    long n = size.tokens();
    long d = size.width();
    return new BlockStash(
        arena.take(2, b * n),
        arena.take(b, n, d),
        arena.take(b, n, 3 * d),
        arena.take(b, size.heads(), n, n),
        arena.take(b, n, d),
        arena.take(b, n, d),
        arena.take(2, b * n),
        arena.take(b, n, d),
        arena.take(b, n, size.mlpWidth()),
        arena.take(b, n, size.mlpWidth()));
  }
}
