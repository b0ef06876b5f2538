package vivit.model.engine;

import vivit.model.shape.HeadRange;

/**
 * Counts the native memory that {@link OneDnnEngine} allocates in addition to its caller's tensors:
 * for every purpose, the largest amount that any counted operation needs. A few KB for kernels are
 * not counted.
 */
public final class ScratchMemory {

  private final int threads;
  private long ones;
  private long partialKernels;
  private long partialNorms;
  private long gathered;
  private long partialAttention;
  private long rooms;

  /** Counts for an engine with this number of threads. */
  public ScratchMemory(int threads) {
    Threads.require(threads);
    this.threads = threads;
  }

  /** Counts {@link Engine#linearParameterGradient}. */
  public void linearParameterGradient(Tensor x, Tensor dy) {
    long in = last(x);
    long rows = x.length() / in;
    ones = Math.max(ones, rows);
    partialKernels = Math.max(partialKernels, Products.partialSums(rows, in, last(dy)));
  }

  /** Counts {@link Engine#layerNormGradient}. */
  public void layerNormGradient(Tensor x) {
    long width = last(x);
    partialNorms = Math.max(partialNorms, LayerNorms.partialSums(x.length() / width, width));
  }

  /** Counts {@link Engine#attention}. */
  public void attention(Tensor packed, HeadRange heads) {
    BlockedAttention.ScratchSizes one = BlockedAttention.ScratchSizes.of(packed.shape(), heads);
    gathered = Math.max(gathered, one.gathered());
    rooms = Math.max(rooms, one.rooms());
  }

  /** Counts {@link Engine#attentionGradient}. */
  public void attentionGradient(Tensor packed, HeadRange heads) {
    attention(packed, heads);
    BlockedAttention.ScratchSizes one = BlockedAttention.ScratchSizes.of(packed.shape(), heads);
    partialAttention = Math.max(partialAttention, one.partial());
  }

  /** The sum over all purposes. */
  public long bytes() {
    return Address.BYTES
        * (ones + partialKernels + partialNorms + gathered + partialAttention + threads * rooms);
  }

  private static long last(Tensor tensor) {
    return tensor.shape()[tensor.shape().length - 1];
  }
}
