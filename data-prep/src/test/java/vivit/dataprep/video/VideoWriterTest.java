package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.video.VideoWriter.VideoFormat;

class VideoWriterTest {
  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void writesAFileOfItsKind(VideoFormat format) throws IOException {
    byte[] file = TestVideos.encode(format, 48, 64, 12.5, 30);

    String start = new String(file, 0, 12, StandardCharsets.ISO_8859_1);
    switch (format) {
      case H264_MP4 -> assertThat(start.substring(4, 8)).isEqualTo("ftyp");
      case VP9_WEBM -> assertThat(start).startsWith("\u001aE\u00df\u00a3");
      case MPEG4_AVI -> assertThat(start).startsWith("RIFF");
    }
  }

  @Test
  void refusesOddSizes() {
    assertThatThrownBy(
            () -> new VideoWriter(new ByteArrayOutputStream(), VideoFormat.H264_MP4, 47, 64, 25))
        .hasMessage("A video of 47 x 64 pixels, expected even sizes of 16 or more");
  }

  @Test
  void refusesFramesOfAnotherSize() throws IOException {
    try (VideoWriter writer =
        new VideoWriter(new ByteArrayOutputStream(), VideoFormat.MPEG4_AVI, 48, 64, 25)) {
      assertThatThrownBy(() -> writer.write(new byte[7]))
          .hasMessage("Found 7 bytes, expected [48, 64, 3]");
      writer.write(new byte[48 * 64 * 3]);
    }
  }
}
