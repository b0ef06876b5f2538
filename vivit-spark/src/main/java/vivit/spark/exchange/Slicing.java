package vivit.spark.exchange;

import java.io.IOException;
import java.io.Serializable;

/**
 * Cuts a flat vector into slices of equal length; the last may be shorter. Affects the distribution
 * of work, but no result.
 *
 * @param length of the vector
 * @param sliceLength of every slice but the last
 */
public record Slicing(long length, int sliceLength) implements Serializable {
  private static final int SHORTEST = 1 << 14;
  private static final int LONGEST = 1 << 20;
  private static final int WANTED = 64;

  public Slicing {
    if (length < 1 || sliceLength < 1) {
      throw new IllegalArgumentException(
          "a vector of %d values in slices of %d; expected 1 or more"
              .formatted(length, sliceLength));
    }
  }

  /** Some 64 slices, of 64 KiB to 4 MiB: enough for all executors, few enough to name. */
  public static Slicing of(long length) {
    long share = (length + WANTED - 1) / WANTED;
    return new Slicing(length, (int) Math.max(SHORTEST, Math.min(LONGEST, share)));
  }

  /** Number of slices. */
  public int count() {
    return Math.toIntExact((length + sliceLength - 1) / sliceLength);
  }

  /** First value of a slice. */
  public long from(int slice) {
    return (long) slice * sliceLength;
  }

  /** Number of values of a slice. */
  public int length(int slice) {
    return (int) Math.min(sliceLength, length - from(slice));
  }

  /** The part of a range that lies in one slice. */
  @FunctionalInterface
  public interface Piece {
    /**
     * Handles {@code count} values.
     *
     * @param at the first, counted from the start of the slice
     * @param done values of the range before it
     */
    void handle(int slice, int at, int done, int count) throws IOException;
  }

  /** Cuts a range of values at the borders of the slices; handles the pieces in order. */
  public void pieces(long offset, int values, Piece piece) throws IOException {
    for (int done = 0; done < values; ) {
      int slice = (int) ((offset + done) / sliceLength);
      int at = (int) ((offset + done) % sliceLength);
      int count = Math.min(values - done, length(slice) - at);
      piece.handle(slice, at, done, count);
      done += count;
    }
  }
}
