package vivit.model.regularise;

import java.util.Arrays;
import vivit.model.regularise.Randomness.DropMasks;

/**
 * Drops whole residual branches, per clip, during training (stochastic depth).
 *
 * <p>The original code does <em>not</em> rescale the surviving branch; docs/vivit.md, 2.4. A mask
 * is a pure function of clip seed, encoder, layer and branch, so it does not depend on which worker
 * trains the clip. Rates outside [0, 1) are refused.
 *
 * @param rate highest drop probability, in [0, 1)
 * @param rule how the probability grows with depth
 * @param clipSeeds one seed per clip of the batch
 * @see <a href="https://arxiv.org/abs/1603.09382">Huang et al., Deep Networks with Stochastic
 *     Depth</a>
 */
public record DropPath(double rate, Rule rule, long[] clipSeeds) implements DropMasks {

  /** Drop probability of block {@code l} of {@code L}, counted from 0. */
  public enum Rule {
    /** {@code l / max(L - 1, 1) * rate}: the original code. */
    REFERENCE {
      @Override
      double probability(double rate, int layer, int layers) {
        return rate * layer / Math.max(layers - 1, 1);
      }
    },
    /** {@code (l + 1) / L * rate}: the paper's equation 10, which counts from 1. */
    PAPER {
      @Override
      double probability(double rate, int layer, int layers) {
        return rate * (layer + 1) / layers;
      }
    },
    /**
     * As {@link #REFERENCE}, and surviving branches are divided by their probability: timm,
     * VideoMAE.
     */
    TIMM {
      @Override
      double probability(double rate, int layer, int layers) {
        return REFERENCE.probability(rate, layer, layers);
      }

      @Override
      double survivor(double probability) {
        return 1 / (1 - probability);
      }
    };

    abstract double probability(double rate, int layer, int layers);

    /** The factor of a branch that survives this probability of being dropped. */
    double survivor(double probability) {
      return 1;
    }
  }

  /** Drops branches by the original code's rule. */
  public DropPath(double rate, long[] clipSeeds) {
    this(rate, Rule.REFERENCE, clipSeeds);
  }

  /** Refuses rates outside [0, 1). */
  public DropPath {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("Drop-path rate %s is not in [0, 1)".formatted(rate));
    }
    clipSeeds = clipSeeds.clone();
  }

  /** Masks that drop nothing. */
  public static DropPath none(int clips) {
    return new DropPath(0, new long[clips]);
  }

  /** Draws masks for clips without seeds. */
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
  public double factor(String encoder, int layer, int layers, int branch, int clip) {
    double probability = rule.probability(rate, layer, layers);
    if (probability == 0) {
      return 1;
    }
    long bits = Seeds.mix(clipSeeds[clip], encoder.hashCode(), layer, branch);
    return Seeds.uniform(bits) < probability ? 0 : rule.survivor(probability);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropPath that
        && rate == that.rate
        && rule == that.rule
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
