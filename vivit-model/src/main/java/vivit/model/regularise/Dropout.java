package vivit.model.regularise;

import java.util.Arrays;
import java.util.Optional;

/**
 * Dropout of a batch; reference section 1.5. It works after adding positions, on the attention
 * probabilities, after the attention's output projection, after the GELU and after the MLP's second
 * layer. All published recipes use a rate of 0.
 *
 * @param rate everywhere but on attention probabilities, in [0, 1)
 * @param attentionRate on attention probabilities, in [0, 1)
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

  /** Where in a residual branch a mask works. */
  public enum Place {
    /** After adding positions; once per encoder. */
    POSITIONS(1),
    /** On the attention probabilities. */
    PROBABILITIES(2),
    /** Between the two layers of the MLP. */
    HIDDEN(3),
    /** On what is added to the residual path. */
    OUTPUT(4);

    private final int code;

    Place(int code) {
      this.code = code;
    }
  }

  /**
   * The mask of a place; empty at a rate of 0.
   *
   * @param encoder the encoder's name
   * @param branch number of the residual branch within the encoder
   * @param part 0, or which of several attentions of a branch
   * @param repeat sequences of a clip, which share the mask
   */
  public Optional<DropoutMask> mask(Place place, String encoder, int branch, int part, int repeat) {
    double strength = place == Place.PROBABILITIES ? attentionRate : rate;
    if (strength == 0) {
      return Optional.empty();
    }
    long[] seeds = new long[clipSeeds.length];
    for (int clip = 0; clip < seeds.length; clip++) {
      seeds[clip] = Seeds.mix(clipSeeds[clip], place.code, encoder.hashCode(), branch, part);
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
