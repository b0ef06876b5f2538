package vivit.bench;

/**
 * A number of repetitions: at least {@code least}, then more, up to {@code most}, until the time is
 * over.
 *
 * @param least smallest number
 * @param most largest number
 * @param seconds time after which {@code least} repetitions are enough
 */
public record Repeats(int least, int most, double seconds) {

  /** Default warm-up, in which Java compiles frequently executed code. */
  public static final Repeats WARM_UP = new Repeats(2, 2000, 4);

  /** Default warm-up for turns that execute much more code than a few loops. */
  public static final Repeats LONG_WARM_UP = new Repeats(2, 2000, 15);

  /** Default measurement. */
  public static final Repeats MEASURE = new Repeats(5, 1000, 10);

  /** A fixed number of repetitions. */
  public static Repeats exactly(int times) {
    return new Repeats(times, times, 0);
  }

  /** Whether to continue after {@code done} repetitions in {@code elapsed} seconds. */
  boolean more(int done, double elapsed) {
    return done < least || (done < most && elapsed < seconds);
  }
}
