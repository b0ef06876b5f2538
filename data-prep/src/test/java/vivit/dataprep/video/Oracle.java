package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The frames of a file as FFmpeg's own program decodes them, one process for the whole file: what
 * the product's frames are compared with.
 *
 * @param frames all, in the order in which they are shown
 * @param tolerance seconds that a frame may come after its moment: half a tick of the container's
 *     clock, at most half a millisecond
 */
record Oracle(List<Oracle.Frame> frames, double tolerance) {
  private static final Pattern CLOCK = Pattern.compile(" ([0-9.]+)(k?) tbn");
  private static final Pattern FRAME = Pattern.compile("pts_time:(\\S+) .* s:(\\d+)x(\\d+)");

  /**
   * A frame.
   *
   * @param seconds when it is shown
   * @param pixels {@code [height, width, 3]}
   */
  record Frame(double seconds, int height, int width, byte[] pixels) {}

  /** Decodes a file that does not say where its chroma samples lie. */
  static Oracle of(Path file) throws IOException {
    return of(file, "auto");
  }

  /** Decodes a file and turns its frames as its display matrix says. */
  static Oracle turned(Path file) throws IOException {
    return of(file, "auto", "-autorotate");
  }

  /**
   * Decodes a file, unrotated.
   *
   * @param chroma where its chroma samples lie; matters for more than 8 bits and odd heights only
   */
  static Oracle of(Path file, String chroma) throws IOException {
    return of(file, chroma, "-noautorotate");
  }

  /** Decodes a file and sends its frames through filters. */
  static Oracle filtered(Path file, String filters) throws IOException {
    return of(file, "auto", "-noautorotate", filters + ",");
  }

  private static Oracle of(Path file, String chroma, String rotate) throws IOException {
    return of(file, chroma, rotate, "");
  }

  private static Oracle of(Path file, String chroma, String rotate, String more)
      throws IOException {
    Path raw = Files.createTempFile("oracle", ".rgb");
    try {
      String filters = more + "showinfo=checksum=0,scale=flags=bilinear:in_chroma_loc=" + chroma;
      List<String> arguments = new ArrayList<>(List.of("-copyts", rotate));
      arguments.addAll(List.of("-i", file.toString(), "-map", "0:V:0", "-vf", filters));
      arguments.addAll(List.of("-fps_mode", "passthrough", "-f", "rawvideo"));
      arguments.addAll(List.of("-pix_fmt", "rgb24"));
      arguments.add(raw.toString());
      String said = MadeVideos.ffmpeg(arguments);
      byte[] pixels = Files.readAllBytes(raw);
      List<Frame> frames = new ArrayList<>();
      int position = 0;
      for (Matcher line = FRAME.matcher(said); line.find(); ) {
        int width = Integer.parseInt(line.group(2));
        int height = Integer.parseInt(line.group(3));
        byte[] frame = new byte[height * width * 3];
        System.arraycopy(pixels, position, frame, 0, frame.length);
        position += frame.length;
        String time = line.group(1);
        double seconds = time.equals("NOPTS") ? Double.NaN : Double.parseDouble(time);
        frames.add(new Frame(seconds, height, width, frame));
      }
      Matcher clock = CLOCK.matcher(said);
      assertThat(clock.find()).as(said).isTrue();
      double ticks = Double.parseDouble(clock.group(1)) * (clock.group(2).isEmpty() ? 1 : 1000);
      return new Oracle(frames, Math.min(0.5 / ticks, 0.0005));
    } finally {
      Files.delete(raw);
    }
  }

  /** Index of the frame that is shown at a moment: the last that is not later. */
  int shownAt(double seconds) {
    int shown = 0;
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i).seconds() <= seconds + tolerance) {
        shown = i;
      }
    }
    return shown;
  }

  /** Mean absolute difference of the bytes of a frame and those from a position on. */
  static double difference(Frame frame, byte[] pixels, int from) {
    long sum = 0;
    for (int i = 0; i < frame.pixels().length; i++) {
      sum += Math.abs((frame.pixels()[i] & 0xff) - (pixels[from + i] & 0xff));
    }
    return sum / (double) frame.pixels().length;
  }
}
