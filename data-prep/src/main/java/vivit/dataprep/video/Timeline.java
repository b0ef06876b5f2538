package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * When the frames of a video are shown, learnt from its packets without decoding.
 *
 * @param ticks presentation times, increasing, in ticks; one per packet that is to be shown
 * @param tick seconds per tick
 * @param period seconds that the last frame is shown
 * @param containerStart when the container says that it starts, in seconds
 */
record Timeline(long[] ticks, double tick, double period, double containerStart) {
  private static final double MISSING_SHARE = 0.05;
  private static final double LEAST_MISSING_SECONDS = 0.3;
  private static final double USUAL_RATE = 25;

  /** When the first frame is shown, in seconds. */
  double first() {
    return ticks[0] * tick;
  }

  /** When the last frame ends, in seconds. */
  double end() {
    return ticks[ticks.length - 1] * tick + period;
  }

  /**
   * Reads all packets.
   *
   * @throws UndecodableVideoException if there are none, or they end long before the container says
   */
  static Timeline scan(Demuxer demuxer) throws IOException {
    long[] ticks = new long[1024];
    int count = 0;
    long lastDuration = 0;
    double end = Double.NEGATIVE_INFINITY;
    while (demuxer.next()) {
      AVPacket packet = demuxer.packet();
      long shown = packet.pts() != AV_NOPTS_VALUE ? packet.pts() : packet.dts();
      if (shown != AV_NOPTS_VALUE) {
        end = Math.max(end, (shown + packet.duration()) * demuxer.packetTick());
      }
      if (demuxer.isVideo() && (packet.flags() & AV_PKT_FLAG_DISCARD) == 0) {
        if (count == ticks.length) {
          ticks = Arrays.copyOf(ticks, count * 2);
        }
        if (shown == AV_NOPTS_VALUE) { // raw streams: count on
          double rate = demuxer.frameRate() > 0 ? demuxer.frameRate() : USUAL_RATE;
          shown = Math.round(count / rate / demuxer.tick());
        }
        lastDuration = packet.duration();
        ticks[count++] = shown;
      }
    }
    if (count == 0) {
      throw new UndecodableVideoException("it has a video stream without frames");
    }
    ticks = Arrays.copyOf(ticks, count);
    Arrays.sort(ticks);
    double period = lastDuration * demuxer.tick();
    if (period <= 0) {
      period =
          demuxer.frameRate() > 0
              ? 1 / demuxer.frameRate()
              : count > 1
                  ? (ticks[count - 1] - ticks[0]) * demuxer.tick() / (count - 1)
                  : 1 / USUAL_RATE;
    }
    Timeline timeline = new Timeline(ticks, demuxer.tick(), period, demuxer.startSeconds());
    timeline.refuseEarlyEnd(Math.max(end, timeline.end()), demuxer.durationSeconds());
    return timeline;
  }

  private void refuseEarlyEnd(double end, double statedDuration) throws UndecodableVideoException {
    // Some containers count their duration from their start, Matroska from zero: give the benefit.
    double missing = statedDuration - Math.max(end, end - containerStart);
    if (missing > Math.max(LEAST_MISSING_SECONDS, MISSING_SHARE * statedDuration)) {
      throw new UndecodableVideoException(
          "it is truncated: its header says %.2f s, its frames end at %.2f s"
              .formatted(statedDuration, end));
    }
  }
}
