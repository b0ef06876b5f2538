package vivit.dataprep.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TubeletCutterTest {
  @Property(tries = 200)
  void assemblingUndoesCutting(
      @ForAll @IntRange(min = 1, max = 3) int tubelets,
      @ForAll @IntRange(min = 1, max = 3) int tubeletFrames,
      @ForAll @IntRange(min = 1, max = 17) int height,
      @ForAll @IntRange(min = 1, max = 17) int width,
      @ForAll @IntRange(min = 1, max = 6) int patch) {
    TubeletCutter cutter =
        new TubeletCutter(tubelets * tubeletFrames, height, width, tubeletFrames, patch);
    byte[] pixels = new byte[cutter.pixelBytes()];
    new Random(7).nextBytes(pixels);

    byte[] cut = cutter.cut(pixels);
    assertThat(cutter.assemble(ByteBuffer.wrap(cut))).isEqualTo(pixels);
    byte[] room = new byte[cut.length + 5];
    cutter.cut(pixels, room, 3);
    assertThat(Arrays.copyOfRange(room, 3, 3 + cut.length)).isEqualTo(cut);
    assertThat(new byte[] {room[0], room[1], room[2], room[room.length - 2], room[room.length - 1]})
        .containsOnly(0);
    ByteBuffer outside = ByteBuffer.allocateDirect(room.length).put(room);
    assertThat(cutter.assemble(outside.position(3).limit(3 + cut.length))).isEqualTo(pixels);
  }

  /** A part is what a cut out of the whole clip gives; what is behind it stays. */
  @Property(tries = 500)
  void aPartIsACutOutOfTheWhole(
      @ForAll @IntRange(min = 1, max = 3) int tubelets,
      @ForAll @IntRange(min = 1, max = 3) int tubeletFrames,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 35) int patch,
      @ForAll boolean outsideTheHeap,
      @ForAll long seed) {
    TubeletCutter cutter =
        new TubeletCutter(tubelets * tubeletFrames, height, width, tubeletFrames, patch);
    Random random = new Random(seed);
    byte[] pixels = new byte[cutter.pixelBytes()];
    random.nextBytes(pixels);
    byte[] cut = cutter.cut(pixels);
    ByteBuffer stored =
        outsideTheHeap
            ? ByteBuffer.allocateDirect(cut.length).put(cut).flip()
            : ByteBuffer.wrap(cut);
    Region region = RegionTest.random(random, cutter.frames(), height, width);
    byte[] expected = new byte[region.bytes() + 9];
    random.nextBytes(expected);
    byte[] found = expected.clone();
    region.copy(pixels, new FrameSize(height, width), expected);

    cutter.assemble(stored, region, found);

    assertThat(found).isEqualTo(expected);
    assertThat(stored.remaining()).isEqualTo(cut.length);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1, 0, 0, 1, 1", "2, 3, 0, 0, 1, 1", "0, 0, 0, 0, 1, 1", "0, 1, -1, 0, 1, 1",
    "0, 1, 1, 0, 5, 1", "0, 1, 0, -1, 1, 1", "0, 1, 0, 3, 1, 5", "0, 2147483647, 1, 0, 1, 1"
  })
  void refusesAPartThatReachesBeyondTheClip(
      int first, int frames, int top, int left, int height, int width) {
    TubeletCutter cutter = new TubeletCutter(4, 5, 7, 2, 4);
    Region region = new Region(first, frames, top, left, height, width);
    ByteBuffer tubelets = ByteBuffer.allocate(cutter.tubeletBytes());
    byte[] room = new byte[cutter.pixelBytes()];
    String message = "Cannot cut " + region + " out of 4 frames of 5 x 7 (height x width)";
    assertThatThrownBy(() -> cutter.assemble(tubelets, region, room)).hasMessage(message);
    assertThatThrownBy(() -> region.copy(room, new FrameSize(5, 7), room)).hasMessage(message);
  }

  @Test
  void everyPixelIsWhereTheSpecificationSays() {
    TubeletCutter cutter = new TubeletCutter(6, 8, 11, 3, 5);
    byte[] pixels = new byte[cutter.pixelBytes()];
    new Random(3).nextBytes(pixels);

    byte[] tubelets = cutter.cut(pixels);

    assertThat(cutter.gridFrames()).isEqualTo(2);
    assertThat(cutter.gridHeight()).isEqualTo(2);
    assertThat(cutter.gridWidth()).isEqualTo(3);
    assertThat(tubelets).hasSize(6 * 10 * 15 * 3);
    int at = 0;
    for (int gt = 0; gt < 2; gt++) {
      for (int gy = 0; gy < 2; gy++) {
        for (int gx = 0; gx < 3; gx++) {
          for (int t = 0; t < 3; t++) {
            for (int y = 0; y < 5; y++) {
              for (int x = 0; x < 5; x++) {
                for (int c = 0; c < 3; c++) {
                  int row = Math.min(gy * 5 + y, 7); // the edge is repeated
                  int column = Math.min(gx * 5 + x, 10);
                  int pixel = (((gt * 3 + t) * 8 + row) * 11 + column) * 3 + c;
                  assertThat(tubelets[at++]).isEqualTo(pixels[pixel]);
                }
              }
            }
          }
        }
      }
    }
  }

  @Test
  void refusesFramesThatFillNoTubelet() {
    assertThatThrownBy(() -> new TubeletCutter(7, 8, 8, 2, 4))
        .hasMessage("Cannot cut 7 frames into tubelets of 2 x 4 x 4; frames must be a multiple");
  }

  @Test
  void refusesTheWrongNumberOfBytes() {
    TubeletCutter cutter = new TubeletCutter(2, 3, 5, 2, 4);
    assertThatThrownBy(() -> cutter.cut(new byte[1]))
        .hasMessage("Found 1 bytes of pixels, expected 90");
    assertThatThrownBy(() -> cutter.cut(new byte[90], new byte[200], 9))
        .hasMessage("Found room for 191 bytes of tubelets, expected 192");
    assertThatThrownBy(() -> cutter.assemble(ByteBuffer.allocate(90)))
        .hasMessage("Found 90 bytes of tubelets, expected 192");
    Region whole = new Region(0, 2, 0, 0, 3, 5);
    assertThatThrownBy(() -> cutter.assemble(ByteBuffer.allocate(192), whole, new byte[89]))
        .hasMessage("Found room for 89 bytes of pixels, expected 90");
  }

  @Test
  void refusesClipsBeyondTwoGibibytes() {
    assertThatThrownBy(() -> new TubeletCutter(64, 4096, 4096, 2, 16))
        .hasMessage(
            "A clip of 64 frames of 4096 x 4096 pixels passes 2 GiB; set a smaller short side");
  }
}
