package vivit.dataprep.video;

import java.io.Serializable;

/**
 * Which video stream of a file is the video.
 *
 * @param number of the stream among the video streams of the file, from 0, cover pictures not
 *     counted; {@link #BEST} stands for the best one
 */
public record StreamChoice(int number) implements Serializable {
  /** The word for the best stream. */
  public static final String BEST_WORD = "best";

  private static final int BEST_NUMBER = -1;
  private static final int MOST = 1000;

  /**
   * The stream that FFmpeg and players would choose: one that is not known to be a still before a
   * still, then one marked as default, then the largest picture, then the highest bit rate, then
   * the first.
   */
  public static final StreamChoice BEST = new StreamChoice(BEST_NUMBER);

  public StreamChoice {
    if (number < BEST_NUMBER || number > MOST) {
      throw new IllegalArgumentException(
          "found %d; expected the number of a stream from 0 to %d".formatted(number, MOST));
    }
  }

  /**
   * Parses {@code best} or a number.
   *
   * @throws IllegalArgumentException with what was found and expected
   */
  public static StreamChoice of(String text) {
    if (text.equals(BEST_WORD)) {
      return BEST;
    }
    if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > MOST) {
      throw new IllegalArgumentException(
          "found \"%s\"; expected best, or the number of a video stream from 0 to %d"
              .formatted(text, MOST));
    }
    return new StreamChoice(Integer.parseInt(text));
  }

  boolean isBest() {
    return number == BEST_NUMBER;
  }

  /** The setting as text. */
  public String word() {
    return isBest() ? BEST_WORD : Integer.toString(number);
  }
}
