package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * How fast videos become clips, against FFmpeg's own program. Speeds are per second of CPU time:
 * the program spreads its work over several threads whatever it is told.
 *
 * @param videos that were cut
 * @param clips cut from them
 * @param frames in the spans that have clips
 * @param framesDecoded by the cutter, those between key frames and spans included
 * @param framesToTheLast from the start of each video to the end of its last span
 * @param warmup turns before
 * @param ours decoding, resizing, cutting into tubelets, writing a shard
 * @param spans FFmpeg decoding and scaling the same spans, a process for each
 * @param sequential FFmpeg decoding and scaling each video to the end of its last span
 * @param ofSpans our speed as a share of FFmpeg's on the spans
 * @param ofSequential the same for one sequential decode
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DecodeReport(
    int videos,
    long clips,
    long frames,
    long framesDecoded,
    long framesToTheLast,
    int warmup,
    Way ours,
    Way spans,
    Way sequential,
    double ofSpans,
    double ofSequential)
    implements Report {

  /**
   * Who did it.
   *
   * @param cpuSeconds of all videos, of all threads
   * @param seconds of wall-clock time
   * @param framesPerSecond of the spans' frames, per second of CPU time at the median
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Way(Spread cpuSeconds, Spread seconds, double framesPerSecond) {
    private String text(String name) {
      return String.format(
          Locale.ROOT,
          "%-18s %s %9.0f %12.0f%n",
          name,
          cpuSeconds.milliseconds(),
          1e3 * seconds.median(),
          framesPerSecond);
    }
  }

  @Override
  public String text() {
    return String.format(
            Locale.ROOT,
            "%d videos, %d clips, %d frames in their spans; %d turns after %d to warm up%n%n"
                + "%-18s %s %9s %12s%n",
            videos,
            clips,
            frames,
            ours.seconds().count(),
            warmup,
            "",
            Spread.heading("CPU ms"),
            "ms",
            "frames/CPU s")
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
