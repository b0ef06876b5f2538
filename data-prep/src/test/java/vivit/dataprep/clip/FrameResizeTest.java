package vivit.dataprep.clip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameResizeTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void resizesLikeTheReference(int index) throws IOException {
    GoldenTables golden = GoldenTables.pixels();
    String name = "resize/" + index + "/";
    int[] in = golden.shape(name + "image");
    int[] out = golden.shape(name + "truncated");

    byte[] resized =
        Resized.bilinear(golden.bytes(name + "image"), 1, in[0], in[1], out[0], out[1]);

    byte[] expected = golden.bytes(name + "truncated");
    double[] exact = golden.doubles(name + "float");
    for (int i = 0; i < expected.length; i++) {
      boolean nearWhole = Math.abs(exact[i] - Math.rint(exact[i])) < 1e-3;
      int difference = Math.abs((expected[i] & 0xff) - (resized[i] & 0xff));
      assertThat(difference)
          .as("value %d, exactly %f", i, exact[i])
          .isLessThanOrEqualTo(nearWhole ? 1 : 0);
    }
  }

  @Test
  void shortSideSizesAreThoseOfTheReference() throws IOException {
    for (JsonNode one : GoldenTables.json("sampling.json").get("short_side_sizes")) {
      assertThat(
              FrameSize.ofShortSide(
                  one.get("height").asInt(),
                  one.get("width").asInt(),
                  one.get("short_side").asInt()))
          .isEqualTo(new FrameSize(one.get("out_height").asInt(), one.get("out_width").asInt()));
    }
  }

  @Test
  void shortSideZeroKeepsTheSize() {
    assertThat(FrameSize.ofShortSide(37, 53, 0)).isEqualTo(new FrameSize(37, 53));
  }

  @Test
  void everyFrameIsResizedAsIfAlone() {
    byte[] frames = new byte[3 * 5 * 7 * 3];
    new Random(1).nextBytes(frames);

    byte[] together = Resized.bilinear(frames, 3, 5, 7, 4, 11);

    for (int frame = 0; frame < 3; frame++) {
      byte[] one = Arrays.copyOfRange(frames, frame * 105, (frame + 1) * 105);
      assertThat(Resized.bilinear(one, 1, 5, 7, 4, 11))
          .isEqualTo(Arrays.copyOfRange(together, frame * 132, (frame + 1) * 132));
    }
  }

  @Property(tries = 100)
  void agreesWithPlainLoops(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 12) int outHeight,
      @ForAll @IntRange(min = 1, max = 12) int outWidth) {
    byte[] frame = new byte[height * width * 3];
    new Random(height * 31L + width).nextBytes(frame);

    byte[] resized = Resized.bilinear(frame, 1, height, width, outHeight, outWidth);

    for (int y = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        for (int c = 0; c < 3; c++) {
          double exact = naive(frame, height, width, outHeight, outWidth, y, x, c);
          int found = resized[(y * outWidth + x) * 3 + c] & 0xff;
          assertThat((double) found).isBetween(exact - 1.001, exact + 0.001);
        }
      }
    }
  }

  private static double naive(
      byte[] frame, int height, int width, int outHeight, int outWidth, int y, int x, int c) {
    double sy = Math.min(Math.max((y + 0.5) * height / outHeight - 0.5, 0), height - 1);
    double sx = Math.min(Math.max((x + 0.5) * width / outWidth - 0.5, 0), width - 1);
    double sum = 0;
    for (int dy = 0; dy < 2; dy++) {
      for (int dx = 0; dx < 2; dx++) {
        int py = Math.min((int) sy + dy, height - 1);
        int px = Math.min((int) sx + dx, width - 1);
        double wy = dy == 0 ? 1 - (sy - (int) sy) : sy - (int) sy;
        double wx = dx == 0 ? 1 - (sx - (int) sx) : sx - (int) sx;
        sum += wy * wx * (frame[(py * width + px) * 3 + c] & 0xff);
      }
    }
    return sum;
  }
}
