package vivit.model.network;

import vivit.model.engine.Arena;
import vivit.model.engine.Tensor;

/** Gradients of a block's intermediate results; all blocks of an encoder share them. */
record BlockGradients(Tensor branch, Tensor token, Tensor packed, Tensor hidden) {

  static BlockGradients take(Arena arena, BlockSize size) {
    long b = size.sequences();
    long n = size.tokens();
    return new BlockGradients(
        arena.take(b, n, size.width()),
        arena.take(b, n, size.width()),
        arena.take(b, n, 3 * size.width()),
        arena.take(b, n, size.mlpWidth()));
  }
}
