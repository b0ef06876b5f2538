package vivit.model.engine;

import vivit.model.shape.HeadRange;

/**
 * The native memory that {@link OneDnnEngine} takes for itself, beside the tensors of its caller:
 * of every kind as much as the greediest operation told of wants. A few KB of kernels are left out.
 */
public final class ScratchMemory {

  private final int threads;
  private long ones;
  private long partialKernels;
  private long partialNorms;
  private long gathered;
  private long partialAttention;
  private long rooms;

  /** Of an engine with this many threads. */
  public ScratchMemory(int threads) {
    Threads.require(threads);
    this.threads = threads;
  }

  /** Tells of {@link Engine#linearParameterGradient}. */
  public void linearParameterGradient(Tensor x, Tensor dy) {
    long in = last(x);
    long rows = x.length() / in;
    ones = Math.max(ones, rows);
    partialKernels = Math.max(partialKernels, Products.partialSums(threads, rows, in, last(dy)));
  }

  /** Tells of {@link Engine#layerNormGradient}. */
  public void layerNormGradient(Tensor x) {
    long width = last(x);
    partialNorms = Math.max(partialNorms, LayerNorms.partialSums(x.length() / width, width));
  }

  /** Tells of {@link Engine#attention}. */
  public void attention(Tensor packed, HeadRange heads) {
    BlockedAttention.Scratch one = BlockedAttention.Scratch.of(packed.shape(), heads);
    gathered = Math.max(gathered, one.gathered());
    rooms = Math.max(rooms, one.rooms());
  }

  /** Tells of {@link Engine#attentionGradient}. */
  public void attentionGradient(Tensor packed, HeadRange heads) {
    attention(packed, heads);
    BlockedAttention.Scratch one = BlockedAttention.Scratch.of(packed.shape(), heads);
    partialAttention = Math.max(partialAttention, one.partial());
  }

  /** All of it. */
  public long bytes() {
    return Address.BYTES
        * (ones + partialKernels + partialNorms + gathered + partialAttention + threads * rooms);
  }

  private static long last(Tensor tensor) {
    return tensor.shape()[tensor.shape().length - 1];
  }
}
