package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.SpaceTime;

class ClipTokensTest {

  /** Plain loops over a clip whose last frame, row and columns fill no tubelet. */
  @Test
  void equalsPlainLoops() {
    ClipShape clip = new ClipShape(7, 10, 17);
    Tubelet tubelet = new Tubelet(2, 3, 5);
    byte[] pixels = new byte[7 * 10 * 17 * 3];
    new Random(1).nextBytes(pixels);
    ClipTokens tokens = new ClipTokens(clip, tubelet);
    float[] found = new float[tokens.values() + 4];

    tokens.write(pixels, FloatBuffer.wrap(found, 4, tokens.values()));

    assertThat(tokens.values()).isEqualTo(3 * 3 * 3 * 2 * 3 * 5 * 3);
    for (int time = 0; time < 3; time++) {
      for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++) {
          for (int t = 0; t < 2; t++) {
            for (int y = 0; y < 3; y++) {
              for (int x = 0; x < 5; x++) {
                for (int c = 0; c < 3; c++) {
                  int token = (time * 3 + row) * 3 + column;
                  int value = ((t * 3 + y) * 5 + x) * 3 + c;
                  int pixel = (((time * 2 + t) * 10 + row * 3 + y) * 17 + column * 5 + x) * 3 + c;
                  assertThat(found[4 + token * 90 + value])
                      .isEqualTo((pixels[pixel] & 0xff) * (2f / 255f) - 1f);
                }
              }
            }
          }
        }
      }
    }
  }

  @Test
  void coversMinusOneToOne() {
    ClipTokens tokens = new ClipTokens(new ClipShape(1, 1, 1), new Tubelet(1, 1, 1));
    float[] found = new float[3];

    tokens.write(new byte[] {0, (byte) 255, (byte) 128}, FloatBuffer.wrap(found));

    assertThat(found[0]).isEqualTo(-1f);
    assertThat(found[1]).isEqualTo(1f);
    assertThat(found[2]).isBetween(0.0039f, 0.004f);
  }

  @Test
  void refusesAnotherSize() {
    ClipTokens tokens = new ClipTokens(new ClipShape(2, 2, 2), new Tubelet(1, 1, 1));

    assertThatThrownBy(() -> tokens.write(new byte[5], FloatBuffer.allocate(24)))
        .hasMessageContaining("a clip of 5 values");
  }

  @Test
  void sampledFramesAreTheOnlyOnesRead() {
    ViViTConfig config =
        new ViViTConfig(
            new ClipShape(32, 2, 2),
            new Tubelet(1, 2, 2),
            4,
            1,
            4,
            new SpaceTime(1),
            Readout.MEAN,
            0,
            List.of(new Head("classes", 2)),
            8,
            0);
    byte[] pixels = new byte[32 * 12];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 12);
    }
    ClipTokens tokens = new ClipTokens(config);
    float[] values = new float[tokens.values()];
    tokens.write(pixels, FloatBuffer.wrap(values));
    int[] frames = {4, 7, 11, 14, 18, 21, 25, 28};
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(frames[i / 12] * (2f / 255f) - 1f);
    }
  }
}
