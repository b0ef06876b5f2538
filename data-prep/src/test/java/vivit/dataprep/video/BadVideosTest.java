package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.video.CutSettings.Truncated;
import vivit.dataprep.video.VideoWriter.VideoFormat;

class BadVideosTest {
  private static final ClipSettings SETTINGS = new ClipSettings(8, 2, 10, 0, 1, 16);

  @TempDir java.nio.file.Path folder;

  private List<StoredClip> read(byte[] bytes) throws IOException {
    java.nio.file.Path file = folder.resolve("video.mp4");
    Files.write(file, bytes);
    return VideoClips.evaluation(new Configuration(), new Path(file.toUri()), SETTINGS, 2);
  }

  private void assertRefused(byte[] bytes, String cause) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageContaining(cause);
  }

  @Test
  void anEmptyFile() {
    assertRefused(new byte[0], "the file is empty");
  }

  @Test
  void aFileThatIsNotThere() {
    assertThatThrownBy(
            () ->
                VideoClips.evaluation(
                    new Configuration(), new Path("/no/such/video.mp4"), SETTINGS, 1))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessage("the file does not exist");
  }

  @Test
  void aFolder() {
    assertThatThrownBy(
            () -> VideoClips.evaluation(new Configuration(), new Path(folder.toUri()), SETTINGS, 1))
        .hasMessage("it is a folder");
  }

  @Test
  void textAsMp4() {
    assertRefused(
        "Not Found: the page you asked for is gone.\n".repeat(100).getBytes(StandardCharsets.UTF_8),
        "it is not a video file");
  }

  @Test
  void aPlaylistIsNotFollowed() {
    assertRefused(
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
            .getBytes(StandardCharsets.UTF_8),
        "it is not a video file");
  }

  @Test
  void randomBytes() {
    byte[] bytes = new byte[50_000];
    new Random(5).nextBytes(bytes);
    assertRefused(bytes, "it is not a video file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "matroska", "avi"})
  void audioOnly(String container) throws IOException {
    assertRefused(TestAudio.aac(container), "it has no video stream");
  }

  @Test
  void audioOnlyInAnAudioContainer() throws IOException {
    byte[] bytes = TestAudio.aac("adts");
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(UndecodableVideoException.class);
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void headerOnly(VideoFormat format) throws IOException {
    byte[] bytes = TestVideos.encode(format, 48, 64, 10, 20);
    for (int length : new int[] {16, 40, 200}) {
      assertThatThrownBy(() -> read(Arrays.copyOf(bytes, length)))
          .isInstanceOf(UndecodableVideoException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void truncated(VideoFormat format) throws IOException {
    byte[] bytes = TestVideos.encode(format, 48, 64, 10, 40);
    for (int percent = 5; percent < 100; percent += 10) {
      assertRefused(Arrays.copyOf(bytes, bytes.length * percent / 100), "truncated");
    }
  }

  @Test
  void truncatedWhereTheHeaderComesFirst() throws IOException {
    // The header at the front, as streaming services write it, still promises all frames.
    byte[] bytes = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 10, 40);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int moov = text.lastIndexOf("moov") - 4;
    int mdat = text.indexOf("mdat") - 4;
    byte[] reordered = new byte[bytes.length];
    System.arraycopy(bytes, 0, reordered, 0, mdat);
    System.arraycopy(bytes, moov, reordered, mdat, bytes.length - moov);
    System.arraycopy(bytes, mdat, reordered, mdat + bytes.length - moov, moov - mdat);
    assertRefused(Arrays.copyOf(reordered, bytes.length * 2 / 3), "truncated");
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void damageNeverCrashesOrHangs(VideoFormat format) throws IOException {
    byte[] good = TestVideos.encode(format, 48, 64, 10, 20);
    Random random = new Random(11);
    int decoded = 0;
    for (int i = 0; i < 60; i++) {
      byte[] bad = good.clone();
      int flips = 1 << random.nextInt(8);
      for (int flip = 0; flip < flips; flip++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(read(bad)).hasSizeBetween(1, 2);
        decoded++;
      } catch (UndecodableVideoException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(decoded).isLessThan(60);
  }

  @Test
  void anInterruptIsNoFaultOfTheVideo() throws IOException {
    byte[] bytes = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 10, 20);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () -> new Demuxer(failing(bytes, Long.MAX_VALUE), Codecs.USUAL, StreamChoice.BEST))
          .isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anErrorOfTheStorageIsNoFaultOfTheVideo() throws IOException {
    byte[] bytes = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 10, 20);
    assertThatThrownBy(
            () -> {
              try (Demuxer demuxer =
                  new Demuxer(failing(bytes, bytes.length / 2), Codecs.USUAL, StreamChoice.BEST)) {
                TimelineReader.read(
                    demuxer, new ContainerLength.Finding(null, false, false), Truncated.REFUSE);
              }
            })
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("data node lost");
  }

  /** A file that fails when a read starts beyond a byte. */
  private static VideoInput failing(byte[] bytes, long failsFrom) {
    return new VideoInput() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public int read(long position, byte[] to, int offset, int count) throws IOException {
        if (position >= failsFrom) {
          throw new IOException("data node lost");
        }
        if (position >= bytes.length) {
          return -1;
        }
        int found = (int) Math.min(Math.min(count, 1000), bytes.length - position);
        System.arraycopy(bytes, (int) position, to, offset, found);
        return found;
      }

      @Override
      public void close() {}
    };
  }
}
