package vivit.spark.input;

/**
 * A stream of random numbers that is a pure function of its key, the same on every JVM and release.
 *
 * <p>SplitMix64: the state advances by the golden ratio and is finalised by Stafford's thirteenth
 * mixer. A key of several numbers is folded by the same mixer.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood, Fast Splittable
 *     Pseudorandom Number Generators</a>
 */
public final class Draws {

  /** Uses of streams; different uses have independent numbers. */
  public enum Use {
    PERMUTATION(1),
    AUGMENTATION(2),
    DROP_PATH(3),
    MIXUP(4),
    RAND_AUGMENT(5),
    COLOUR(6),
    ERASING(7),
    DROPOUT(8),
    CUTMIX(9),
    MIX_SWITCH(10),
    SAMPLING(11),
    PROBE(20);

    private final int code;

    Use(int code) {
      this.code = code;
    }
  }

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;
  private boolean spare;
  private double other;

  private Draws(long state) {
    this.state = state;
  }

  /** The stream of a purpose and a key, for example (seed, epoch, clip). */
  public static Draws of(Use purpose, long... key) {
    return new Draws(seed(purpose, key));
  }

  /** Folds the key into one number, as a seed for other generators. */
  public static long seed(Use purpose, long... key) {
    long folded = mix(GOLDEN * purpose.code);
    for (long part : key) {
      folded = mix(folded * 31 + part + GOLDEN);
    }
    return folded;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform over all longs. */
  public long whole() {
    state += GOLDEN;
    return mix(state);
  }

  /** Uniform over [0, 1), 53 bits. */
  public double unit() {
    return (whole() >>> 11) * 0x1.0p-53;
  }

  /** Uniform over [low, high). */
  public double between(double low, double high) {
    return low + (high - low) * unit();
  }

  /**
   * Normal with mean 0 and variance 1, by the polar method of Marsaglia; the same to the bit
   * everywhere.
   */
  public double normal() {
    if (spare) {
      spare = false;
      return other;
    }
    while (true) {
      double x = 2 * unit() - 1;
      double y = 2 * unit() - 1;
      double square = x * x + y * y;
      if (square > 0 && square < 1) {
        double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
        other = y * scale;
        spare = true;
        return x * scale;
      }
    }
  }

  /** Uniform over 0 to {@code bound - 1}. */
  public int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("a draw below " + bound + "; expected at least 1");
    }
    return (int) Math.multiplyHigh(whole() >>> 1, (long) bound << 1);
  }
}
