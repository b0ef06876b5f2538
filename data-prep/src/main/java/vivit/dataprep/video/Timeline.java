package vivit.dataprep.video;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.text.Figures;

/**
 * The presentation times of a video's frames, read from its packets. A frame's index is its place
 * in the order in which frames are shown; frames with equal times keep the order of the file.
 *
 * @param ticks presentation times, not decreasing, in ticks; one per frame to be shown
 * @param order for every frame in file order, its index; frames of a damaged end may have indices
 *     beyond those of {@code ticks}
 * @param from index of the first frame that can be decoded
 * @param keys presentation times of the key frames, increasing, in ticks
 * @param tick seconds per tick
 * @param period duration of the last frame, in seconds
 * @param containerStart start time according to the container, in seconds
 * @param reordering the most frames that precede, in the file, a frame that is shown before them;
 *     -1 if the container does not state different presentation times for all frames
 * @param guessed whether times of some frames are not stated but guessed, or equal
 * @param broken why the file ends early, in words; empty if it is whole
 * @param remarks what else is to be said about these times and frames
 */
record Timeline(
    long[] ticks,
    int[] order,
    int from,
    long[] keys,
    double tick,
    double period,
    double containerStart,
    int reordering,
    boolean guessed,
    String broken,
    List<String> remarks) {
  /** Presentation time of the first frame that can be decoded, in seconds. */
  double first() {
    return seconds(from);
  }

  /** End of the last frame, in seconds. */
  double end() {
    return seconds(ticks.length - 1) + period;
  }

  /** Presentation time of a frame, in seconds. */
  double seconds(int index) {
    return ticks[Math.min(index, ticks.length - 1)] * tick;
  }

  /** Whether the container states the presentation time of every frame, and no two are equal. */
  boolean statesTimes() {
    return reordering >= 0;
  }

  /**
   * The same frames, of which the first {@code count} cannot be decoded.
   *
   * @param count no less than {@link #from}
   */
  Timeline without(int count) {
    if (count == 0) {
      return this;
    }
    List<String> all = new ArrayList<>(remarks);
    all.add(
        "%s before %.3f s cannot be decoded; the video begins there"
            .formatted(Figures.of(count, "frame"), seconds(count)));
    return new Timeline(
        ticks, order, count, keys, tick, period, containerStart, reordering, guessed, broken, all);
  }

  /**
   * Index of the frame shown at a time: the last one that starts by then, or the first that can be
   * decoded.
   */
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
    return Math.max(from, low - 1);
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

  /** Index of the first of some increasing times at or after a time. */
  static int firstFrom(long[] sorted, long time) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
