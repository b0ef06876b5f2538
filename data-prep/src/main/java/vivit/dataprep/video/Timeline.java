package vivit.dataprep.video;

import java.util.Arrays;

/**
 * When the frames of a video are shown, learnt from its packets without decoding.
 *
 * @param ticks presentation times, increasing, in ticks; one per frame that is to be shown
 * @param keys presentation times of the key frames, increasing, in ticks
 * @param tick seconds per tick
 * @param period seconds that the last frame is shown
 * @param containerStart when the container says that it starts, in seconds
 * @param reordering how many frames at most precede one in the file that is shown before them; -1
 *     if the container does not state when each frame is shown
 * @param broken why the file ends early, in words; empty if it is whole
 */
record Timeline(
    long[] ticks,
    long[] keys,
    double tick,
    double period,
    double containerStart,
    int reordering,
    String broken) {
  /** When the first frame is shown, in seconds. */
  double first() {
    return ticks[0] * tick;
  }

  /** When the last frame ends, in seconds. */
  double end() {
    return ticks[ticks.length - 1] * tick + period;
  }

  /** Whether the container states when each frame is shown. */
  boolean statesTimes() {
    return reordering >= 0;
  }

  /** Index of the frame that is shown at a time: the last that is not later, or the first. */
  int frameAt(double latest) {
    int low = 0;
    int high = ticks.length;
    while (low < high) { // the first that is later
      int middle = (low + high) >>> 1;
      if (ticks[middle] * tick <= latest) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }

  /** Index of the first frame at a time in ticks or later. */
  int firstFrom(long time) {
    return firstFrom(ticks, time);
  }

  /** Presentation time of the last key frame that is not later; {@code Long.MIN_VALUE} if none. */
  long keyBefore(long time) {
    int later = time == Long.MAX_VALUE ? keys.length : firstFrom(keys, time + 1);
    return later == 0 ? Long.MIN_VALUE : keys[later - 1];
  }

  private static int firstFrom(long[] sorted, long time) {
    int found = Arrays.binarySearch(sorted, time);
    if (found < 0) {
      return -found - 1;
    }
    while (found > 0 && sorted[found - 1] == time) {
      found--;
    }
    return found;
  }
}
