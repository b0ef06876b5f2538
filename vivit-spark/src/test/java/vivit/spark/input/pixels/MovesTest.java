package vivit.spark.input.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import vivit.model.shape.ClipShape;
import vivit.spark.input.pixels.Blends.MeanContrast;
import vivit.spark.input.pixels.Moves.Rotate;
import vivit.spark.input.pixels.Moves.Shear;
import vivit.spark.input.pixels.Moves.Translate;

/** Operations of whole frames, against what Pillow makes of the same frame. */
class MovesTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 6;

  /** Each with the green channel that Pillow 12 gives, rows one after the other. */
  static Stream<Arguments> pillow() {
    return Stream.of(
        Arguments.of(
            new Rotate(20),
            "128 76 111 169 138 128 40 98 160 168 124 108 78 141 202 31 101 182"
                + " 121 180 117 74 156 139 128 175 85 115 176 128"),
        Arguments.of(
            new Shear(0.21, 0),
            "14 51 88 125 162 196 77 121 165 209 173 28 143 194 111 40 91 128"
                + " 212 82 72 130 188 128 42 93 158 223 46 128"),
        Arguments.of(
            new Shear(0, -0.21),
            "11 48 128 128 128 128 58 89 116 141 163 196 111 149 183 147 230 54"
                + " 164 209 129 33 69 102 217 93 61 107 150 190"),
        Arguments.of(
            new Translate(-0.315, 0),
            "128 128 15 52 89 126 128 128 68 112 156 200 128 128 122 173 196 19"
                + " 128 128 176 206 36 94 128 128 201 39 104 169"),
        Arguments.of(
            new MeanContrast(1.63f),
            "0 0 61 121 181 241 26 98 170 241 255 0 113 196 255 0 28 111"
                + " 199 255 0 65 160 255 255 0 80 186 255 0"));
  }

  @ParameterizedTest
  @MethodSource("pillow")
  void isAsInPillow(PixelOperation operation, String green) {
    byte[] pixels = frame();
    operation.apply(pixels, new ClipShape(1, HEIGHT, WIDTH));
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < pixels.length; i += 3) {
      text.append(text.isEmpty() ? "" : " ").append(pixels[i] & 0xff);
    }
    assertThat(text).hasToString(green);
  }

  @Test
  void nothingMovesByNothing() {
    for (PixelOperation idle :
        new PixelOperation[] {new Rotate(0), new Shear(0, 0), new Translate(0, 0)}) {
      byte[] pixels = frame();
      idle.apply(pixels, new ClipShape(1, HEIGHT, WIDTH));
      assertThat(pixels).isEqualTo(frame());
    }
  }

  private static byte[] frame() {
    byte[] pixels = new byte[HEIGHT * WIDTH * 3];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % WIDTH;
      int y = i / 3 / WIDTH;
      pixels[i] = (byte) (x * 37 + y * 53 + i % 3 * 11 + x * y * 7);
    }
    return pixels;
  }
}
