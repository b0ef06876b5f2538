package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.shard.StoredClip;
import vivit.model.shape.ClipShape;
import vivit.spark.schedule.StepValues;

class ResizedCropTest {
  private static final ClipShape SHAPE = new ClipShape(1, 100, 80);

  /** Any size of frames: the window fits, and the box has a permitted area and aspect ratio. */
  @Property(tries = 500)
  void boxesArePermitted(
      @ForAll @IntRange(min = 100, max = 700) int height,
      @ForAll @IntRange(min = 80, max = 700) int width,
      @ForAll long seed) {
    FrameSize full =
        new ResizedCrop(0.08, 4.0 / 3).enlarged(new FrameSize(height, width), SHAPE, draws(seed));

    assertThat(full.height()).isGreaterThanOrEqualTo(100);
    assertThat(full.width()).isGreaterThanOrEqualTo(80);
    double boxHeight = 100.0 * height / full.height();
    double boxWidth = 80.0 * width / full.width();
    assertThat(boxHeight / boxWidth).isBetween(0.72, 1.39);
    assertThat(boxHeight * boxWidth / (height * width)).isLessThan(1.001);
    if (Math.max(height, width) < 2 * Math.min(height, width)) {
      assertThat(boxHeight * boxWidth / (height * width)).isGreaterThan(0.075);
    }
  }

  /** In a square most boxes are accepted at once, so their area is nearly uniform. */
  @Test
  void areasAreUniformWhereAllBoxesFit() {
    ResizedCrop crop = new ResizedCrop(0.1, 1.2);
    double[] areas =
        IntStream.range(0, 5000)
            .mapToObj(seed -> crop.enlarged(new FrameSize(500, 500), SHAPE, draws(seed)))
            .mapToDouble(full -> 100.0 * 80 / full.height() / full.width())
            .filter(area -> area < 0.8)
            .toArray();
    assertThat(areas.length).isGreaterThan(3700);
    assertThat(Arrays.stream(areas).average().orElseThrow()).isCloseTo(0.45, within(0.01));
  }

  /** Where no box of the permitted aspect ratio fits, it is the largest one. */
  @Test
  void longFramesGiveTheLargestBox() {
    FrameSize full = new ResizedCrop(1, 1.25).enlarged(new FrameSize(100, 1000), SHAPE, draws(1));
    assertThat(full).isEqualTo(new FrameSize(100, 640));
  }

  /** A ramp stays a ramp, whose slope tells the box's side: positions fill the frame. */
  @Test
  void cutsABoxOutOfTheClip() {
    int side = 120;
    byte[] pixels = new byte[side * side * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 3 == 0 ? i / 3 / side : i / 3 % side);
    }
    StoredClip clip = new StoredClip("c", "v", 0, 0, "a", 1, side, side, pixels);
    ClipCutter cutter = new ClipCutter(new ClipShape(1, 20, 20), 1, 1, new ResizedCrop(0.25, 1));
    int least = side;
    int most = 0;
    for (int seed = 0; seed < 300; seed++) {
      byte[] cut =
          cutter
              .cut(clip, new StepValues(0, Map.of()), ClipCutter.Mirror.FORBIDDEN, draws(seed))
              .pixels();
      int height = cut[cut.length - 3] - cut[0];
      int width = cut[cut.length - 2] - cut[1];
      assertThat(height).isBetween(55, 116);
      assertThat(width).isCloseTo(height, within(2));
      least = Math.min(least, cut[0]);
      most = Math.max(most, cut[cut.length - 3]);
    }
    assertThat(least).isLessThan(8);
    assertThat(most).isGreaterThan(110);
  }

  private static Draws draws(long seed) {
    return Draws.of(Draws.Use.AUGMENTATION, seed);
  }
}
