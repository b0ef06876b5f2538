package vivit.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.video.BundledProgram;

/**
 * The {@code ffmpeg} program of the bundled build: decodes a span of a video with one decoder
 * thread, scales it and discards it.
 */
final class FfmpegProgram {
  private static final Pattern FRAME = Pattern.compile("frame=\\s*(\\d+)");
  private static final Pattern USED =
      Pattern.compile("bench: utime=([0-9.]+)s stime=([0-9.]+)s rtime=([0-9.]+)s");

  private FfmpegProgram() {}

  /**
   * The result of a run.
   *
   * @param frames number of frames decoded
   * @param cpuSeconds CPU time of all threads
   * @param seconds wall-clock time
   */
  record Run(long frames, double cpuSeconds, double seconds) {
    static final Run NONE = new Run(0, 0, 0);

    Run plus(Run other) {
      return new Run(frames + other.frames, cpuSeconds + other.cpuSeconds, seconds + other.seconds);
    }
  }

  /**
   * Decodes and scales a span.
   *
   * @param start in the video's own time stamps, in seconds
   * @param duration in seconds
   * @throws IOException if the program fails
   */
  static Run scale(String video, double start, double duration, int height, int width)
      throws IOException, InterruptedException {
    BundledProgram program = BundledProgram.get();
    List<String> words = new ArrayList<>(List.of(program.path().toString()));
    words.addAll(List.of("-hide_banner", "-nostdin", "-benchmark", "-threads", "1"));
    words.addAll(List.of("-seek_timestamp", "1", "-ss", seconds(start), "-t", seconds(duration)));
    words.addAll(List.of("-noautorotate", "-i", video, "-an", "-sn", "-dn"));
    words.addAll(List.of("-filter_threads", "1", "-fps_mode", "passthrough"));
    words.addAll(List.of("-vf", "scale=" + width + ":" + height + ":flags=bilinear"));
    words.addAll(List.of("-pix_fmt", "rgb24", "-c:v", "rawvideo", "-f", "null", "-"));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", program.libraries());
    Process process = builder.start();
    String text;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder all = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        all.append(line).append('\n');
      }
      text = all.toString();
    }
    int status = process.waitFor();
    Matcher used = USED.matcher(text);
    if (status != 0 || !used.find()) {
      throw new IOException(
          "%s ended with status %d: %s".formatted(String.join(" ", words), status, text.strip()));
    }
    long frames = 0;
    for (Matcher frame = FRAME.matcher(text); frame.find(); ) {
      frames = Long.parseLong(frame.group(1));
    }
    return new Run(frames, number(used, 1) + number(used, 2), number(used, 3));
  }

  private static double number(Matcher used, int group) {
    return Double.parseDouble(used.group(group));
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
