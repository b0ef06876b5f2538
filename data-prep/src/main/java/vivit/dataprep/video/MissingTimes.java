package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Guesses the presentation times of frames that have none, as in MPEG-TS, where a packet may lack
 * them: gaps between the times of other frames nearby, or else a frame's duration after the frame
 * before it in the file; before all others for the first ones. Where no frame has a time, frames
 * follow each other from zero.
 */
final class MissingTimes {
  private static final int NEAR = 17; // frames that may be decoded before one shown before them

  private MissingTimes() {}

  /**
   * Fills in times.
   *
   * @param shown presentation times in file order, in ticks; {@code AV_NOPTS_VALUE} where unknown
   * @param count number of frames
   * @param period usual duration of a frame, in ticks
   * @return whether any time was unknown
   */
  static boolean fill(long[] shown, int count, double period) {
    int first = 0;
    while (first < count && shown[first] == AV_NOPTS_VALUE) {
      first++;
    }
    if (first == count) {
      for (int i = 0; i < count; i++) {
        shown[i] = Math.round(i * period);
      }
      return count > 0;
    }
    boolean any = first > 0;
    NavigableSet<Long> gaps = null;
    for (int i = first; i < count; i++) {
      if (shown[i] == AV_NOPTS_VALUE) {
        gaps = gaps == null ? gaps(shown, count, period) : gaps;
        long next = shown[i - 1] + Math.round(period);
        Long gap = nearest(gaps, next, NEAR * period);
        shown[i] = gap == null ? next : gap;
        gaps.remove(gap == null ? next : gap);
        any = true;
      }
    }
    long least = Arrays.stream(shown, first, Math.min(count, first + NEAR)).min().getAsLong();
    for (int i = 0; i < first; i++) {
      shown[i] = least - Math.round((first - i) * period);
    }
    return any;
  }

  private static Long nearest(NavigableSet<Long> gaps, long time, double within) {
    Long before = gaps.floor(time);
    Long after = gaps.ceiling(time);
    Long best = before == null || (after != null && after - time < time - before) ? after : before;
    return best != null && Math.abs(best - time) <= within ? best : null;
  }

  /** Times that are missing between neighbours that are a few periods apart. */
  private static NavigableSet<Long> gaps(long[] shown, int count, double period) {
    long[] known =
        Arrays.stream(shown, 0, count).filter(time -> time != AV_NOPTS_VALUE).sorted().toArray();
    NavigableSet<Long> gaps = new TreeSet<>();
    for (int i = 1; i < known.length; i++) {
      double frames = (known[i] - known[i - 1]) / period;
      if (frames < NEAR) {
        for (int k = 1; k < Math.round(frames); k++) {
          gaps.add(known[i - 1] + Math.round(k * period));
        }
      }
    }
    return gaps;
  }
}
