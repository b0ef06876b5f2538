package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.VideoCutter.CutRequest;

/**
 * Videos whose frames, 96 x 64 pixels at 25 a second, carry their number: eight boxes at the top,
 * the lowest bit on the left, white for one.
 */
public final class NumberedVideos {
  private static final int HEIGHT = 64;
  private static final int WIDTH = 96;
  private static final int BITS = 8;
  private static final int BOX = WIDTH / BITS;
  private static final int BOX_HEIGHT = 16;

  private NumberedVideos() {}

  /**
   * A file, made once per JVM and not to be changed.
   *
   * @param name of the file; its end chooses the container
   * @param first number
   * @param count of frames
   * @param arguments of {@code ffmpeg} between the input and the file's name
   */
  public static Path made(String name, int first, int count, String arguments) {
    Path raw = MadeVideos.path("%d-%d.raw".formatted(first, count));
    try {
      Files.write(raw, frames(first, count));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return MadeVideos.made(
        name,
        "-f rawvideo -pix_fmt gray -s %dx%d -r 25 -i %s -pix_fmt yuv420p %s"
            .formatted(WIDTH, HEIGHT, raw, arguments));
  }

  /** The frames of another file, copied with a bitstream filter. */
  public static Path filtered(String name, Path source, String filter) {
    return MadeVideos.made(name, "-i %s -map 0:v -c copy -bsf:v %s".formatted(source, filter));
  }

  /** The bytes of some files, one after the other. */
  public static Path joined(Path target, Path... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Path part : parts) {
      all.write(Files.readAllBytes(part));
    }
    return Files.write(target, all.toByteArray());
  }

  /**
   * Cuts evenly spaced clips of neighbouring frames of a whole file.
   *
   * @param framesPerSecond 0 for the frames of the file
   */
  static CutClips cut(Path file, int frames, double framesPerSecond, int views) throws IOException {
    return cut(
        file, frames, framesPerSecond, Cuts.request(TimeSpan.WHOLE, views), StreamChoice.BEST);
  }

  static CutClips cut(
      Path file, int frames, double framesPerSecond, CutRequest request, StreamChoice stream)
      throws IOException {
    CutSettings usual =
        CutSettings.reference(new ClipSettings(frames, 1, framesPerSecond, 0, 1, 16));
    CutSettings settings =
        new CutSettings(
            usual.clip(),
            usual.picture(),
            stream,
            usual.truncated(),
            usual.mostMadeUp(),
            1,
            usual.codecs());
    return CutClips.of(CutClips.input(Files.readAllBytes(file)), settings, request);
  }

  /** The numbers of a clip's frames. */
  static int[] numbers(CutPixels clip) {
    return IntStream.range(0, clip.origin().timestamps().length)
        .map(frame -> number(clip, frame))
        .toArray();
  }

  /** Consecutive numbers. */
  static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  /** Checks that a clip of all frames shows some numbers, a frame's time apart. */
  static void assertLine(CutPixels clip, int from, int to) {
    assertThat(numbers(clip)).containsExactly(range(from, to));
    double[] times = clip.origin().timestamps();
    for (int i = 1; i < times.length; i++) {
      assertThat(times[i] - times[i - 1]).as("step %d", i).isBetween(0.0385, 0.0415);
    }
  }

  /** What was said about the only request. */
  static List<String> remarks(CutClips clips) {
    assertThat(clips.failed).isEmpty();
    return clips.finished.get(0).remarks();
  }

  private static int number(CutPixels clip, int frame) {
    int number = 0;
    for (int bit = 0; bit < BITS; bit++) {
      int x = (2 * bit + 1) * clip.width() / (2 * BITS);
      int y = BOX_HEIGHT / 2 * clip.height() / HEIGHT;
      int value = clip.pixels()[((frame * clip.height() + y) * clip.width() + x) * 3] & 0xff;
      number |= value > 127 ? 1 << bit : 0;
    }
    return number;
  }

  private static byte[] frames(int first, int count) {
    byte[] frames = new byte[count * HEIGHT * WIDTH];
    for (int i = 0; i < count; i++) {
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          boolean white = ((first + i) >> (x / BOX) & 1) == 1;
          int texture = 60 + (x * 7 + y * 13 + (first + i) * 3) % 60; // moves
          int box = white ? 235 : 16;
          frames[(i * HEIGHT + y) * WIDTH + x] = (byte) (y < BOX_HEIGHT ? box : texture);
        }
      }
    }
    return frames;
  }
}
