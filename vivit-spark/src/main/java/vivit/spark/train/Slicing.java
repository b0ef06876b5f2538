package vivit.spark.train;

/** How long a slice of the flat vectors is. Changes no result, only who sums what. */
public final class Slicing {
  private static final int SHORTEST = 1 << 16;
  private static final int LONGEST = 1 << 21;

  private Slicing() {}

  /** One slice per worker, within 0.25 and 8 MiB of floats. */
  public static int length(long values, int workers) {
    long share = (values + workers - 1) / workers;
    return (int) Math.max(SHORTEST, Math.min(LONGEST, share));
  }
}
