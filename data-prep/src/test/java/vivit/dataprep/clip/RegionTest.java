package vivit.dataprep.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RegionTest {
  /** A part of a clip, drawn at random. */
  static Region random(Random random, int frames, int height, int width) {
    int first = random.nextInt(frames);
    int top = random.nextInt(height);
    int left = random.nextInt(width);
    return new Region(
        first,
        1 + random.nextInt(frames - first),
        top,
        left,
        1 + random.nextInt(height - top),
        1 + random.nextInt(width - left));
  }

  @Property(tries = 200)
  void copiesPixelByPixel(
      @ForAll @IntRange(min = 1, max = 5) int frames,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 11) int width,
      @ForAll long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[frames * height * width * 3];
    random.nextBytes(pixels);
    Region region = random(random, frames, height, width);
    byte[] found = new byte[region.bytes()];

    region.copy(pixels, new FrameSize(height, width), found);

    int at = 0;
    for (int t = region.first(); t < region.first() + region.frames(); t++) {
      for (int y = region.top(); y < region.top() + region.height(); y++) {
        for (int x = region.left(); x < region.left() + region.width(); x++) {
          for (int c = 0; c < 3; c++) {
            assertThat(found[at++]).isEqualTo(pixels[((t * height + y) * width + x) * 3 + c]);
          }
        }
      }
    }
    assertThat(Region.whole(frames, new FrameSize(height, width)).bytes()).isEqualTo(pixels.length);
  }
}
