package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * The speed of cutting videos into clips, compared with the {@code ffmpeg} program. Speeds are per
 * second of CPU time, because that program always uses several threads.
 *
 * @param videos number of videos
 * @param clips number of clips cut from them
 * @param frames number of frames in the spans that have clips
 * @param framesDecoded number of frames decoded by the cutter, including frames between key frames
 *     and spans
 * @param framesToTheLast number of frames from the start of each video to the end of its last span
 * @param warmup number of turns before measuring
 * @param ours decoding, resizing, cutting into tubelets, writing a shard
 * @param spans FFmpeg decoding and scaling the same spans, a process for each
 * @param sequential FFmpeg decoding and scaling each video to the end of its last span
 * @param ofSpans speed of the cutter as a multiple of FFmpeg's on the spans
 * @param ofSequential speed of the cutter as a multiple of FFmpeg's in one sequential decode
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DecodeReport(
    int videos,
    long clips,
    long frames,
    long framesDecoded,
    long framesToTheLast,
    int warmup,
    DecodeSpeed ours,
    DecodeSpeed spans,
    DecodeSpeed sequential,
    double ofSpans,
    double ofSequential)
    implements Report {

  /**
   * The speed of one side.
   *
   * @param cpuSeconds of all videos, of all threads
   * @param seconds of wall-clock time
   * @param framesPerSecond frames of the spans per second of CPU time, at the median
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record DecodeSpeed(Spread cpuSeconds, Spread seconds, double framesPerSecond) {
    private String text(String name) {
      String cells =
          String.format(Locale.ROOT, "%9.0f %12.0f", 1e3 * seconds.median(), framesPerSecond);
      return cpuSeconds.row(name, cells);
    }
  }

  @Override
  public String text() {
    return String.format(
            Locale.ROOT,
            "%d videos, %d clips, %d frames in their spans; %d turns after %d to warm up%n%n",
            videos,
            clips,
            frames,
            ours.seconds().count(),
            warmup)
        + Spread.heading("", "CPU ms", String.format("%9s %12s", "ms", "frames/CPU s"))
        + ours.text("cut and written")
        + spans.text("ffmpeg, spans")
        + sequential.text("ffmpeg, from start")
        + String.format(
            Locale.ROOT,
            "%n%.2f times as fast as ffmpeg on the spans, %.2f times as one decode from the"
                + " start%n",
            ofSpans,
            ofSequential);
  }
}
