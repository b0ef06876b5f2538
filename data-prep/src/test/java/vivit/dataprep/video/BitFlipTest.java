package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.ClipSettings;

/**
 * Damaged bits: the clips come out complete, or the video is refused with a cause; nothing hangs,
 * crashes or ends otherwise.
 *
 * <p>A hundred seeds per file by default, a third each in header, packets and index; {@code
 * -Dvivit.flips=1000} tries more.
 */
class BitFlipTest {
  private static final int SEEDS = Integer.getInteger("vivit.flips", 100);
  private static final ClipSettings SETTINGS = new ClipSettings(4, 2, 10, 24, 2, 16);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {
        "H264",
        "H264_B_FRAMES",
        "HEVC",
        "HEVC_10_BIT",
        "VP8",
        "VP9",
        "AV1",
        "AV1_MKV",
        "MPEG4",
        "MPEG4_B_FRAMES",
        "MJPEG",
        "MPEG2_TS",
        "H264_FLV",
        "PRORES_ALPHA"
      })
  void clipsOrACause(Encoding encoding) throws IOException {
    byte[] good = Files.readAllBytes(encoding.file());
    int[] regions = regions(good);
    Map<String, Integer> ends = new TreeMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      byte[] bad = good.clone();
      int from = regions[seed % 3];
      int bits = (regions[seed % 3 + 1] - from) * 8;
      for (int flip = 1 << random.nextInt(5); flip > 0; flip--) {
        int bit = random.nextInt(bits);
        bad[from + bit / 8] ^= (byte) (1 << bit % 8);
      }
      Path file = Files.write(folder.resolve(seed + "-" + encoding.file().getFileName()), bad);
      try {
        assertThat(Cuts.of(file, SETTINGS, 3)).as("clips of seed %d", seed).isNotEmpty();
        ends.merge("decoded", 1, Integer::sum);
      } catch (UndecodableVideoException e) {
        ends.merge("refused", 1, Integer::sum);
      } catch (IOException | RuntimeException e) {
        throw new AssertionError("Seed " + seed + " of " + encoding + " ended otherwise", e);
      }
      Files.delete(file);
    }
    assertThat(ends).containsKey("decoded");
  }

  /** Where header, packets and index begin, and the end; in some formats the last two overlap. */
  private static int[] regions(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int packets = file.length / 10;
    for (String mark : new String[] {"mdat", "movi", "\u001fC\u00b6u"}) {
      packets = text.contains(mark) ? text.indexOf(mark) + 4 : packets;
    }
    int index = file.length * 9 / 10;
    for (String mark : new String[] {"moov", "idx1", "\u001cS\u00bbk"}) {
      index = text.lastIndexOf(mark) > packets ? text.lastIndexOf(mark) - 4 : index;
    }
    return new int[] {0, packets, index, file.length};
  }
}
