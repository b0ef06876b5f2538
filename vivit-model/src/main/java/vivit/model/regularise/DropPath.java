package vivit.model.regularise;

import java.util.Arrays;

/**
 * Drops whole residual branches per clip during training (stochastic depth).
 *
 * <p>Block {@code l} of {@code L} is dropped with probability {@code l / max(L - 1, 1) * rate}; the
 * surviving branch is <em>not</em> rescaled, as in the reference code. A mask is a pure function of
 * clip seed, encoder, layer and branch, so it does not depend on how clips are spread over workers.
 *
 * @param rate highest drop probability, in [0, 1)
 * @param clipSeeds one seed per clip of the batch
 * @see <a href="https://arxiv.org/abs/1603.09382">Huang et al., Deep Networks with Stochastic
 *     Depth</a>
 */
public record DropPath(double rate, long[] clipSeeds) implements DropMasks {

  /** Refuses rates outside [0, 1). */
  public DropPath {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("Drop-path rate %s is not in [0, 1)".formatted(rate));
    }
    clipSeeds = clipSeeds.clone();
  }

  /** Nothing is dropped. */
  public static DropPath none(int clips) {
    return new DropPath(0, new long[clips]);
  }

  /** Masks for clips without seeds of their own. */
  public static DropPath draw(double rate, int clips, long seed) {
    long[] seeds = new long[clips];
    for (int clip = 0; clip < clips; clip++) {
      seeds[clip] = Seeds.mix(seed, clip);
    }
    return new DropPath(rate, seeds);
  }

  @Override
  public long[] clipSeeds() {
    return clipSeeds.clone();
  }

  @Override
  public int clips() {
    return clipSeeds.length;
  }

  @Override
  public boolean dropped(String encoder, int layer, int layers, Branch branch, int clip) {
    double probability = rate * layer / Math.max(layers - 1, 1);
    if (probability == 0) {
      return false;
    }
    long bits = Seeds.mix(clipSeeds[clip], encoder.hashCode(), layer, branch.position());
    return Seeds.uniform(bits) < probability;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropPath that
        && rate == that.rate
        && Arrays.equals(clipSeeds, that.clipSeeds);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(rate) * 31 + Arrays.hashCode(clipSeeds);
  }

  @Override
  public String toString() {
    return "DropPath[rate=%s, clips=%d]".formatted(rate, clipSeeds.length);
  }
}
