package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.shard.TubeletClip;
import vivit.model.shape.ClipShape;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

class ClipCutterTest {
  private static final int FRAMES = 3;
  private static final int HEIGHT = 7;
  private static final int WIDTH = 11;

  @Property(tries = 100)
  void aPlainCropIsAWindowOfTheClip(@ForAll long seed) {
    byte[] cut = cut(cutter(2, 4, 5, 0.9, 1.33), 0, 0, seed);

    int first = cut[0] & 0xff;
    int top = cut[1] & 0xff;
    int left = cut[2] & 0xff;
    assertThat(first).isBetween(0, 1);
    assertThat(top).isBetween(0, 3);
    assertThat(left).isBetween(0, 6);
    int at = 0;
    for (int t = 0; t < 2; t++) {
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 5; x++) {
          assertThat(Arrays.copyOfRange(cut, at, at + 3))
              .containsExactly(first + t, top + y, left + x);
          at += 3;
        }
      }
    }
  }

  @Property(tries = 100)
  void aMirroredClipReadsFromRightToLeft(@ForAll long seed) {
    ClipCutter cutter = cutter(FRAMES, HEIGHT, WIDTH, 0.9, 1.33);

    byte[] cut = cut(cutter, 0, 1, seed);

    for (int x = 0; x < WIDTH; x++) {
      assertThat(cut[x * 3 + 2]).isEqualTo((byte) (WIDTH - 1 - x));
    }
  }

  @Test
  void everyOffsetOccurs() {
    Set<Integer> tops = new HashSet<>();
    Set<Integer> lefts = new HashSet<>();
    for (int seed = 0; seed < 300; seed++) {
      byte[] cut = cut(cutter(FRAMES, 4, 5, 0.9, 1.33), 0, 0, seed);
      tops.add((int) cut[1]);
      lefts.add((int) cut[2]);
    }

    assertThat(tops).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(lefts).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
  }

  @Property(tries = 200)
  void jitterNeverLeavesTheCropWithoutPixels(@ForAll long seed) {
    ClipCutter cutter = cutter(FRAMES, HEIGHT, WIDTH, 0.5, 2.0);

    byte[] cut = cut(cutter, 1, 0.5, seed);

    assertThat(cut).hasSize(FRAMES * HEIGHT * WIDTH * 3);
    assertThat(cut[0]).isZero();
  }

  @Test
  void aRateChangesOnlyWhatItIsARateOf() {
    ClipCutter cutter = cutter(FRAMES, 4, 5, 0.9, 1.33);
    byte[] plain = cut(cutter, 0, 0, 9);
    byte[] mirrored = cut(cutter, 0, 1, 9);

    assertThat(mirrored[1]).isEqualTo(plain[1]);
    assertThat(mirrored[2]).isEqualTo((byte) (plain[2] + 4));
  }

  /** What is cut straight from tubelets is what is cut from the clip put together. */
  @Property(tries = 300)
  void tubeletsGiveTheSameAsPixels(
      @ForAll @IntRange(min = 1, max = 2) int tubeletFrames,
      @ForAll @IntRange(min = 1, max = 19) int patch,
      @ForAll @IntRange(min = 4, max = 40) int height,
      @ForAll @IntRange(min = 5, max = 40) int width,
      @ForAll boolean jittered,
      @ForAll long seed) {
    TubeletCutter cutter = new TubeletCutter(4, height, width, tubeletFrames, patch);
    byte[] pixels = new byte[cutter.pixelBytes()];
    new Random(seed).nextBytes(pixels);
    ByteBuffer tubelets = ByteBuffer.wrap(cutter.cut(pixels));
    Clip asTubelets = new TubeletClip("c", "v", 0, ClipLabels.of(0, "a"), cutter, tubelets);
    Clip asPixels = new StoredClip("c", "v", 0, 0, "a", 4, height, width, pixels);
    ClipCutter crops = cutter(FRAMES, 4, 5, 0.5, 2.0);

    byte[] found = cut(crops, asTubelets, jittered ? 1 : 0, 0.5, seed);

    assertThat(found).isEqualTo(cut(crops, asPixels, jittered ? 1 : 0, 0.5, seed));
  }

  @Test
  void refusesAClipThatIsTooSmall() {
    ClipCutter cutter = cutter(FRAMES, 8, 5, 0.9, 1.33);

    assertThatThrownBy(() -> cut(cutter, 0, 0, 1))
        .hasMessage("clip c has 3 frames of 7x11, less than the 3 frames of 8x5 to cut from it");
  }

  /** Every pixel says (frame, row, column). */
  private static byte[] cut(ClipCutter cutter, double jitter, double flip, long seed) {
    byte[] pixels = new byte[FRAMES * HEIGHT * WIDTH * 3];
    int at = 0;
    for (int t = 0; t < FRAMES; t++) {
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          pixels[at++] = (byte) t;
          pixels[at++] = (byte) y;
          pixels[at++] = (byte) x;
        }
      }
    }
    StoredClip clip = new StoredClip("c", "v", 0, 0, "a", FRAMES, HEIGHT, WIDTH, pixels);
    return cut(cutter, clip, jitter, flip, seed);
  }

  private static byte[] cut(ClipCutter cutter, Clip clip, double jitter, double flip, long seed) {
    StepValues values =
        new StepValues(0, Map.of(Strength.SCALE_JITTER, jitter, Strength.FLIP, flip));
    Draws draws = Draws.of(Draws.Use.AUGMENTATION, seed);
    return cutter.cut(clip, values, ClipCutter.Mirror.ALLOWED, draws).pixels().clone();
  }

  private static ClipCutter cutter(
      int frames, int height, int width, double minScale, double maxScale) {
    return new ClipCutter(
        new ClipShape(frames, height, width), minScale, maxScale, new ResizedCrop(0, 1));
  }
}
