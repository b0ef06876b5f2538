package vivit.model.regularise;

import java.util.Arrays;
import java.util.Optional;

/**
 * Dropout for a batch; docs/vivit.md, 2.3. Applies after the positions, on the attention
 * probabilities, after the attention's output projection, after the GELU and after the second layer
 * of the MLP. All published recipes use a rate of 0.
 *
 * @param rate in [0, 1), except on attention probabilities
 * @param attentionRate in [0, 1), on attention probabilities
 * @param clipSeeds one seed per clip of the batch
 */
public record Dropout(double rate, double attentionRate, long[] clipSeeds) {

  /** No dropout. */
  public static final Dropout NONE = new Dropout(0, 0, new long[0]);

  /** Refuses rates outside [0, 1). */
  public Dropout {
    if (!(rate >= 0 && rate < 1) || !(attentionRate >= 0 && attentionRate < 1)) {
      throw new IllegalArgumentException(
          "Dropout rates %s and %s (attention) are not in [0, 1)".formatted(rate, attentionRate));
    }
    clipSeeds = clipSeeds.clone();
  }

  /** The places where dropout applies. */
  public enum Site {
    /** After the positions, once per encoder. */
    POSITIONS(1),
    /** On the attention probabilities. */
    PROBABILITIES(2),
    /** On the hidden layer of the MLP. */
    HIDDEN(3),
    /** On the output that is added to the residual path. */
    OUTPUT(4);

    private final int code;

    Site(int code) {
      this.code = code;
    }
  }

  /**
   * The mask of a site; empty at a rate of 0.
   *
   * @param encoder the encoder's name
   * @param branch number of the residual branch within the encoder
   * @param part index of the attention view in the branch, otherwise 0
   * @param repeat sequences of a clip, which share the mask
   */
  public Optional<DropoutMask> mask(Site site, String encoder, int branch, int part, int repeat) {
    double strength = site == Site.PROBABILITIES ? attentionRate : rate;
    if (strength == 0) {
      return Optional.empty();
    }
    long[] seeds = new long[clipSeeds.length];
    for (int clip = 0; clip < seeds.length; clip++) {
      seeds[clip] = Seeds.mix(clipSeeds[clip], site.code, encoder.hashCode(), branch, part);
    }
    return Optional.of(new DropoutMask(strength, seeds, repeat));
  }

  @Override
  public long[] clipSeeds() {
    return clipSeeds.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dropout that
        && rate == that.rate
        && attentionRate == that.attentionRate
        && Arrays.equals(clipSeeds, that.clipSeeds);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(rate) * 31 + Arrays.hashCode(clipSeeds);
  }

  @Override
  public String toString() {
    return "Dropout[rate=%s, attentionRate=%s]".formatted(rate, attentionRate);
  }
}
