package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Locale;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Puts the time stamps of a video stream on one continuous line where they restart or jump, as in
 * joined files and in recordings of cameras.
 *
 * <p>The rule is that of FFmpeg's program: where a packet's decoding time is more than 0.1 s before
 * that of the packet before it, or, in containers whose clock may be reset, more than 10 s from
 * where it should be, it and all that follow are shifted such that it follows without a gap.
 */
final class ContinuousTimes {
  private static final double MOST_GAP_SECONDS = 10;
  private static final double LEAST_RETURN_SECONDS = 0.1;

  private final boolean clockMayBeReset;
  private final double tick;
  private final double usualDuration;
  private long offset;
  private long last = AV_NOPTS_VALUE;
  private double next;
  private int corrections;
  private String first = "";

  /**
   * Creates the line of one pass over a file.
   *
   * @param clockMayBeReset whether a long gap is a reset of the clock, too
   * @param tick seconds per tick
   * @param usualDuration of a frame, in seconds; 0 if unknown
   */
  ContinuousTimes(boolean clockMayBeReset, double tick, double usualDuration) {
    this.clockMayBeReset = clockMayBeReset;
    this.tick = tick;
    this.usualDuration = usualDuration;
  }

  /** Corrects the times of the next packet of the stream. */
  void correct(AVPacket packet) {
    long decoded = packet.dts();
    if (decoded != AV_NOPTS_VALUE) {
      decoded += offset;
      if (last != AV_NOPTS_VALUE && jumps(decoded)) {
        long expected = Math.round(next / tick);
        if (corrections++ == 0) {
          first = String.format(Locale.ROOT, "from %.3f s to %.3f s", last * tick, decoded * tick);
        }
        offset += expected - decoded;
        decoded = expected;
      }
      packet.dts(decoded);
      last = decoded;
      next = decoded * tick;
    }
    if (packet.pts() != AV_NOPTS_VALUE) {
      packet.pts(packet.pts() + offset);
    }
    next += packet.duration() > 0 ? packet.duration() * tick : usualDuration;
  }

  private boolean jumps(long decoded) {
    double seconds = decoded * tick;
    return seconds < last * tick - LEAST_RETURN_SECONDS
        || (clockMayBeReset && seconds - next > MOST_GAP_SECONDS);
  }

  /** Number of places where times were corrected so far. */
  int corrections() {
    return corrections;
  }

  /** The corrections so far, in words; empty if there are none. */
  String remark() {
    return corrections == 0
        ? ""
        : "its time stamps jump at %d place%s, first %s; frames follow each other there without a gap"
            .formatted(corrections, corrections == 1 ? "" : "s", first);
  }
}
