package vivit.bench;

/**
 * How often something is done: at least so many times and for so long, but not more often than the
 * largest number of times.
 *
 * @param least times
 * @param most times
 * @param seconds for which to go on between the two
 */
public record Repeats(int least, int most, double seconds) {

  /** Warming up where nothing else is asked for: Java compiles what it has seen often. */
  public static final Repeats WARM_UP = new Repeats(2, 2000, 4);

  /** The same where a turn goes through much more code than a few loops. */
  public static final Repeats LONG_WARM_UP = new Repeats(2, 2000, 15);

  /** Measuring where nothing else is asked for. */
  public static final Repeats MEASURE = new Repeats(5, 1000, 10);

  /** Exactly this many times. */
  public static Repeats exactly(int times) {
    return new Repeats(times, times, 0);
  }

  /** Whether to go on after so many times and so long. */
  boolean more(int done, double elapsed) {
    return done < least || (done < most && elapsed < seconds);
  }
}
