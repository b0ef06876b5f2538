package vivit.dataprep.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.FrameCutter.Columns;
import vivit.dataprep.clip.FrameCutter.Window;

class FrameCutterTest {
  private static final int FRAMES = 3;

  /** A window is what a cut out of whole resized frames gives, byte for byte. */
  @Property(tries = 300)
  void equalsACutOutOfWholeFrames(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 11) int width,
      @ForAll @IntRange(min = 1, max = 13) int outHeight,
      @ForAll @IntRange(min = 1, max = 15) int outWidth,
      @ForAll Columns columns,
      @ForAll @IntRange(min = 1, max = 7) int patch,
      @ForAll long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[(FRAMES + 1) * height * width * 3];
    random.nextBytes(pixels);
    int top = random.nextInt(outHeight);
    int left = random.nextInt(outWidth);
    int rows = 1 + random.nextInt(outHeight - top);
    int across = 1 + random.nextInt(outWidth - left);
    byte[] cut = new byte[FRAMES * rows * across * 3];
    byte[] cutFromTubelets = cut.clone();
    FrameSize stored = new FrameSize(height, width);
    FrameCutter cutter =
        new FrameCutter(
            stored,
            new FrameSize(outHeight, outWidth),
            new Window(top, left, rows, across, columns));

    cutter.cut((region, out) -> region.copy(pixels, stored, out), 1, FRAMES, cut);
    TubeletCutter tubelets = new TubeletCutter(FRAMES + 1, height, width, 2, patch);
    ByteBuffer bytes = ByteBuffer.wrap(tubelets.cut(pixels));
    cutter.cut((region, out) -> tubelets.assemble(bytes, region, out), 1, FRAMES, cutFromTubelets);

    assertThat(cutFromTubelets).isEqualTo(cut);
    byte[] whole = Resized.bilinear(pixels, FRAMES + 1, height, width, outHeight, outWidth);
    int at = 0;
    for (int t = 0; t < FRAMES; t++) {
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < across; x++) {
          int column = left + (columns == Columns.FORWARDS ? x : across - 1 - x);
          for (int c = 0; c < 3; c++) {
            int pixel = (((t + 1) * outHeight + top + y) * outWidth + column) * 3 + c;
            assertThat(cut[at++]).isEqualTo(whole[pixel]);
          }
        }
      }
    }
  }

  /** Fetched row by row, a frame comes out the same. */
  @Property(tries = 100)
  void rowsGiveTheSameAsFrames(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 11) int width,
      @ForAll @IntRange(min = 1, max = 13) int outHeight,
      @ForAll @IntRange(min = 1, max = 15) int outWidth) {
    byte[] frame = new byte[height * width * 3];
    new Random(width).nextBytes(frame);
    FrameSize resized = new FrameSize(outHeight, outWidth);
    byte[] found = new byte[outHeight * outWidth * 3];

    new FrameCutter(new FrameSize(height, width), resized, Window.whole(resized))
        .cut((y, row) -> System.arraycopy(frame, y * row.length, row, 0, row.length), found);

    assertThat(found).isEqualTo(Resized.bilinear(frame, 1, height, width, outHeight, outWidth));
  }

  @Test
  void refusesAWindowThatReachesBeyondTheFrame() {
    assertThatThrownBy(
            () ->
                new FrameCutter(
                    new FrameSize(4, 4),
                    new FrameSize(5, 6),
                    new Window(2, 0, 4, 6, Columns.FORWARDS)))
        .hasMessageContaining("top=2")
        .hasMessageContaining("out of frames of 5 x 6");
  }
}
