package vivit.dataprep.source;

import java.io.Serializable;

/**
 * A part of a video, in seconds from its start.
 *
 * @param start first moment
 * @param end moment after the last; infinite for the video's own end
 */
public record TimeSpan(double start, double end) implements Serializable {
  /** All of a video. */
  public static final TimeSpan WHOLE = new TimeSpan(0, Double.POSITIVE_INFINITY);

  public TimeSpan {
    if (!(start >= 0 && end > start) || Double.isInfinite(start)) {
      throw new IllegalArgumentException(
          "the part from %s s to %s s, expected 0 <= start < end".formatted(start, end));
    }
  }

  public boolean isWhole() {
    return equals(WHOLE);
  }
}
