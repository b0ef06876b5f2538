package vivit.dataprep.video;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/** Videos whose frames tell their own number. */
public final class TestVideos {
  private TestVideos() {}

  /**
   * A soft gradient whose mean grey level is {@code 40 + 5 * (frame % 32)}, so that a decoded frame
   * can be recognised.
   */
  public static byte[] frame(int number, int height, int width) {
    byte[] pixels = new byte[height * width * 3];
    int level = 40 + 5 * (number % 32);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        pixels[at] = (byte) (level + 16 * x / width - 8);
        pixels[at + 1] = (byte) (level + 16 * y / height - 8);
        pixels[at + 2] = (byte) level;
      }
    }
    return pixels;
  }

  /** The number (modulo 32) that a decoded frame shows. */
  public static int number(byte[] pixels, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += pixels[i] & 0xff;
    }
    return (int) Math.round((sum / (double) count - 40) / 5);
  }

  /** A video of {@code frames} such frames. */
  public static byte[] encode(
      VideoFormat format, int height, int width, double framesPerSecond, int frames)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VideoWriter writer = new VideoWriter(out, format, height, width, framesPerSecond)) {
      for (int i = 0; i < frames; i++) {
        writer.write(frame(i, height, width));
      }
    }
    return out.toByteArray();
  }
}
