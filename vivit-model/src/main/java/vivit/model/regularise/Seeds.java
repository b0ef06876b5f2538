package vivit.model.regularise;

/** Stateless random bits: a draw is a pure function of a seed and coordinates. */
final class Seeds {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /** 64 well-mixed bits from a seed and the coordinates of a draw. */
  static long mix(long seed, long... coordinates) {
    long bits = scramble(seed + GOLDEN_GAMMA);
    for (long coordinate : coordinates) {
      bits = scramble(bits + GOLDEN_GAMMA * (coordinate + 1));
    }
    return bits;
  }

  /** A double in [0, 1) from 64 random bits. */
  static double uniform(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }

  /** Finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long scramble(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
