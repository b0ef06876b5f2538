package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChaptersTest {
  @Test
  void filesOfOneRecordingAreNamed() {
    assertThat(
            Chapters.advice(
                List.of(
                    "ski/GH020123.MP4",
                    "ski/GH010123.MP4",
                    "ski/GX010007.mp4",
                    "surf/GP010123.MP4",
                    "surf/GOPR0123.MP4",
                    "surf/GP020123.MP4",
                    "surf/other.mp4")))
        .hasValue(
            "2 recordings of a GoPro camera in several files, such as ski/GH010123.MP4 and"
                + " ski/GH020123.MP4: each file is a video of its own; to make one of them, join"
                + " them first with ffmpeg -f concat and -c copy");
  }

  @Test
  void otherFilesAreNot() {
    assertThat(
            Chapters.advice(
                List.of(
                    "a/GH010123.MP4", // other folders, other recordings, other cameras
                    "b/GH020123.MP4",
                    "a/GH010124.MP4",
                    "a/GX020123.MP4",
                    "a/GH01012.MP4",
                    "GOPR0001.MP4",
                    "GOPR0002.MP4")))
        .isEmpty();
  }
}
