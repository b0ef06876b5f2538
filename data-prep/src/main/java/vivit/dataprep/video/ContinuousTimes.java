package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Locale;

/**
 * Puts the time stamps of a video on one continuous line where they restart or jump, as in joined
 * files and in recordings of cameras.
 *
 * <p>The limits are those of FFmpeg's program. A part begins where a packet's decoding time is more
 * than 0.1 s before that of the packet before it, or a key frame is to be shown more than 0.1 s
 * before a frame that precedes it in the file; in containers whose clock may be reset, also where
 * the time is more than 10 s later than it should be. The first frame shown of a part follows the
 * last one of the part before it.
 */
final class ContinuousTimes {
  private static final double MOST_GAP_SECONDS = 10;
  private static final double LEAST_RETURN_SECONDS = 0.1;

  private final double tick;
  private final long mostGap;
  private final long leastReturn;
  private final long period;
  private int parts = 1;
  private String first = "";

  /**
   * Creates a line.
   *
   * @param clockMayBeReset whether a long gap is a reset of the clock, too
   * @param tick seconds per tick
   * @param period usual duration of a frame, in seconds
   */
  ContinuousTimes(boolean clockMayBeReset, double tick, double period) {
    this.tick = tick;
    this.mostGap = clockMayBeReset ? Math.round(MOST_GAP_SECONDS / tick) : Long.MAX_VALUE;
    this.leastReturn = Math.round(LEAST_RETURN_SECONDS / tick);
    this.period = Math.max(1, Math.round(period / tick));
  }

  /**
   * Corrects times.
   *
   * @param shown presentation times in file order, in ticks
   * @param decoded decoding times; {@code AV_NOPTS_VALUE} where unknown
   * @param key whether a frame is a key frame whose time is stated
   * @param count number of frames
   */
  void correct(long[] shown, long[] decoded, boolean[] key, int count) {
    int start = 0;
    long latest = Long.MIN_VALUE; // of the part
    long last = AV_NOPTS_VALUE; // decoding time in the part
    long end = 0; // of the part before, corrected
    for (int i = 0; i < count; i++) {
      if (i > start && jumps(shown[i], decoded[i], key[i], latest, last)) {
        if (parts++ == 1) {
          first =
              String.format(Locale.ROOT, "from %.3f s to %.3f s", latest * tick, shown[i] * tick);
        }
        end = shift(shown, decoded, start, i, end);
        start = i;
        latest = Long.MIN_VALUE;
        last = AV_NOPTS_VALUE;
      }
      latest = Math.max(latest, shown[i]);
      last = decoded[i] == AV_NOPTS_VALUE ? last : decoded[i];
    }
    shift(shown, decoded, start, count, end);
  }

  private boolean jumps(long shown, long decoded, boolean key, long latest, long last) {
    boolean timed = decoded != AV_NOPTS_VALUE && last != AV_NOPTS_VALUE;
    if (timed && decoded < last - leastReturn) {
      return true;
    }
    long gap = timed ? decoded - last : shown - latest;
    return (key && shown < latest - leastReturn) || gap - period > mostGap;
  }

  /** Moves a part behind the one before it, unless it is the first, and returns its end. */
  private long shift(long[] shown, long[] decoded, int from, int to, long end) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int i = from; i < to; i++) {
      least = Math.min(least, shown[i]);
      most = Math.max(most, shown[i]);
    }
    long by = from == 0 ? 0 : end - least;
    for (int i = from; i < to; i++) {
      shown[i] += by;
      decoded[i] += decoded[i] == AV_NOPTS_VALUE ? 0 : by;
    }
    return most + by + period;
  }

  /** The corrections, in words; empty if there are none. */
  String remark() {
    return parts == 1
        ? ""
        : "its time stamps jump at %d place%s, first %s; frames follow each other there without a gap"
            .formatted(parts - 1, parts == 2 ? "" : "s", first);
  }
}
