package vivit.dataprep.video;

import java.util.Arrays;

/**
 * The presentation times of a video's frames, read from its packets without decoding.
 *
 * @param ticks presentation times, increasing, in ticks; one per frame to be shown
 * @param keys presentation times of the key frames, increasing, in ticks
 * @param tick seconds per tick
 * @param period duration of the last frame, in seconds
 * @param containerStart start time according to the container, in seconds
 * @param reordering the most frames that precede, in the file, a frame that is shown before them;
 *     -1 if the container does not state presentation times
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
  /** Presentation time of the first frame, in seconds. */
  double first() {
    return ticks[0] * tick;
  }

  /** End of the last frame, in seconds. */
  double end() {
    return ticks[ticks.length - 1] * tick + period;
  }

  /** Whether the container states the presentation time of every frame. */
  boolean statesTimes() {
    return reordering >= 0;
  }

  /** Index of the frame shown at a time: the last one that starts by then, or the first. */
  int frameAt(double latest) {
    int low = 0;
    int high = ticks.length;
    while (low < high) { // finds the first later frame
      int middle = (low + high) >>> 1;
      if (ticks[middle] * tick <= latest) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }

  /** Index of the first frame at or after a time in ticks. */
  int firstFrom(long time) {
    return firstFrom(ticks, time);
  }

  /**
   * Presentation time of the last key frame at or before a time; {@code Long.MIN_VALUE} if none.
   */
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
