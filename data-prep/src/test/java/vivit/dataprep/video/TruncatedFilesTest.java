package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.ClipSettings;

/**
 * Truncated files are refused; where clips are cut nevertheless, they equal those of the whole
 * file.
 */
class TruncatedFilesTest {
  private static final int[] PERCENT = {1, 10, 50, 90, 99};
  private static final ClipSettings SETTINGS = new ClipSettings(6, 1, 10, 0, 1, 16);

  @TempDir Path folder;

  private Path truncated(Encoding encoding, int percent) throws IOException {
    byte[] bytes = Files.readAllBytes(encoding.file());
    Path file = folder.resolve(percent + "-" + encoding.file().getFileName());
    return Files.write(file, Arrays.copyOf(bytes, bytes.length * percent / 100));
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {
        "H264",
        "H264_FRONT",
        "H264_FRAGMENTED",
        "AV1",
        "HEVC",
        "MPEG4_MKV",
        "AV1_MKV",
        "VP8",
        "VP9",
        "PNG_ALPHA"
      })
  void containersThatStateTheirLength(Encoding encoding) throws IOException {
    for (int percent : PERCENT) {
      Path file = truncated(encoding, percent);
      assertThatThrownBy(() -> Cuts.of(file, SETTINGS, 2))
          .as("%d %% of %s", percent, encoding)
          .isInstanceOf(UndecodableVideoException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"MPEG4", "MPEG4_B_FRAMES_AVI", "MJPEG"})
  void aviWhoseIndexMayBeMissing(Encoding encoding) throws IOException {
    List<CutPixels> whole = Cuts.of(encoding.file(), SETTINGS, 2);
    for (int percent : PERCENT) {
      Path file = truncated(encoding, percent);
      if (percent < 98) {
        assertThatThrownBy(() -> Cuts.of(file, SETTINGS, 2))
            .as("%d %% of %s", percent, encoding)
            .isInstanceOf(UndecodableVideoException.class);
      } else { // at most the index at the end is gone
        try {
          assertSame(Cuts.of(file, SETTINGS, 2), whole);
        } catch (UndecodableVideoException e) {
          assertThat(e).hasMessageContaining("truncated");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"H264_TS", "MPEG2_TS", "H264_FLV", "MPEG2", "WMV2", "GIF"})
  void containersThatDoNot(Encoding encoding) throws IOException {
    ClipSettings one = new ClipSettings(1, 1, 0, 0, 1, 16);
    List<CutPixels> whole = Cuts.of(encoding.file(), one, 1);
    for (int percent : PERCENT) {
      try {
        List<CutPixels> clips = Cuts.of(truncated(encoding, percent), one, 1);
        assertThat(clips).as("%d %% of %s", percent, encoding).hasSize(1);
        assertThat(clips.get(0).pixels()).hasSameSizeAs(whole.get(0).pixels());
      } catch (UndecodableVideoException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void transportStreamsHaveWholePackets() throws IOException {
    byte[] whole = Files.readAllBytes(Encoding.H264_TS.file());
    assertThat(whole.length % 188).isZero();
    for (int packets : new int[] {2, 7, whole.length / 188}) {
      for (int more : new int[] {-187, -94, -1, 0}) {
        byte[] bytes = Arrays.copyOf(whole, packets * 188 + more);
        UndecodableVideoException found = ContainerLength.check(CutClips.input(bytes)).truncated();
        if (more == 0) {
          assertThat(found).isNull();
        } else if (packets > 2) {
          assertThat(found)
              .hasMessage(
                  "it is truncated: its packet at byte %d goes on to byte %d, the file has %d"
                      .formatted((packets - 1) * 188, packets * 188, bytes.length));
        }
      }
    }
    byte[] followed = Arrays.copyOf(whole, whole.length + 100); // by bytes that are not a packet
    assertThat(ContainerLength.check(CutClips.input(followed)).truncated()).isNull();
  }

  static void assertSame(List<CutPixels> found, List<CutPixels> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).pixels()).isEqualTo(expected.get(i).pixels());
      assertThat(found.get(i).origin().timestamps())
          .isEqualTo(expected.get(i).origin().timestamps());
    }
  }
}
