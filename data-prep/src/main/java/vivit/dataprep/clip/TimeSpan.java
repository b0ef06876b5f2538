package vivit.dataprep.clip;

import java.io.Serializable;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a video, in seconds from its start.
 *
 * @param start inclusive
 * @param end exclusive; infinite for the end of the video
 */
public record TimeSpan(double start, double end) implements Serializable {
  /** The whole video. */
  public static final TimeSpan WHOLE = new TimeSpan(0, Double.POSITIVE_INFINITY);

  private static final Pattern MOMENT =
      Pattern.compile("(?:(?:(\\d{1,4}):)?([0-5]?\\d):)?(\\d{1,9}(?:\\.\\d*)?|\\.\\d+)");

  public TimeSpan {
    if (!(start >= 0 && end > start) || Double.isInfinite(start)) {
      throw new IllegalArgumentException(
          "the part from %s s to %s s, expected 0 <= start < end".formatted(start, end));
    }
  }

  public boolean isWhole() {
    return equals(WHOLE);
  }

  /** Parses a time such as {@code 12.5}, {@code 01:02.25} or {@code 00:01:02.25} to seconds. */
  public static OptionalDouble seconds(String text) {
    Matcher moment = MOMENT.matcher(text);
    if (!moment.matches()) {
      return OptionalDouble.empty();
    }
    double seconds = Double.parseDouble(moment.group(3));
    if (moment.group(2) == null) {
      return OptionalDouble.of(seconds);
    }
    int hours = moment.group(1) == null ? 0 : Integer.parseInt(moment.group(1));
    return seconds >= 60
        ? OptionalDouble.empty()
        : OptionalDouble.of((hours * 60 + Integer.parseInt(moment.group(2))) * 60 + seconds);
  }
}
