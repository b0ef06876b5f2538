package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vivit.dataprep.video.NumberedVideos.cut;
import static vivit.dataprep.video.NumberedVideos.made;
import static vivit.dataprep.video.NumberedVideos.numbers;
import static vivit.dataprep.video.NumberedVideos.range;
import static vivit.dataprep.video.NumberedVideos.remarks;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.TimeSpan;

/** Which video stream of a file is cut. */
class StreamChoiceTest {
  /** A small stream of frames 0 to 19, then a larger one of frames 100 to 119. */
  private static Path two(String name, String arguments) {
    String codec = "-c:v mpeg2video -q:v 2";
    Path small = made("small.mkv", 0, 20, "-s 48x32 " + codec);
    Path large = made("large.mkv", 100, 20, "-s 192x128 " + codec);
    return MadeVideos.made(
        "streams-" + name,
        "-i %s -i %s -map 0:v -map 1:v -c copy %s".formatted(small, large, arguments));
  }

  @ParameterizedTest
  @CsvSource({
    "none.mkv, -disposition:0 0 -disposition:1 0, 100",
    "both.mkv, -disposition:0 default -disposition:1 default, 100",
    "second.mkv, -disposition:0 0 -disposition:1 default, 100",
    "first.mkv, -disposition:0 default -disposition:1 0, 0",
    "both.mp4, -disposition:0 default -disposition:1 default, 100",
    "first.ts, -disposition:0 0 -disposition:1 0, 100",
  })
  void theBestStream(String name, String dispositions, int first) throws IOException {
    CutClips clips = cut(two(name, dispositions), 20, 0, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(first, first + 20));
    assertThat(remarks(clips))
        .contains(
            "it has several video streams, 0: mpeg2video of 48 x 32, 1: mpeg2video of 192 x 128; number %d was taken"
                .formatted(first == 0 ? 0 : 1));
  }

  @Test
  void aGivenStream() throws IOException {
    Path file = two("second.mkv", "-disposition:0 0 -disposition:1 default");
    CutClips clips = cut(file, 20, 0, Cuts.request(TimeSpan.WHOLE, 1), new StreamChoice(0));
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 20));
    CutClips none = cut(file, 20, 0, Cuts.request(TimeSpan.WHOLE, 1), new StreamChoice(2));
    assertThat(none.failed.get(0))
        .hasMessage(
            "it has no video stream 2 as prepare.stream demands, only 0: mpeg2video of 48 x 32,"
                + " 1: mpeg2video of 192 x 128");
  }

  @Test
  void aStillBeforeTheVideo() throws IOException {
    Path still = made("still.mov", 7, 1, "-s 320x320 -c:v mjpeg -q:v 2");
    Path video = made("forty.mov", 0, 40, "-c:v mpeg4 -q:v 2");
    Path file =
        MadeVideos.made(
            "still-first.mov", "-i %s -i %s -map 0:v -map 1:v -c copy".formatted(still, video));
    CutClips clips = cut(file, 40, 25, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 40));
  }

  @Test
  void aCoverPictureIsNoChoice() throws IOException {
    Path cover = made("cover.png", 7, 1, "-s 320x320");
    Path video = made("covered-video.mp4", 0, 20, "-c:v mpeg4 -q:v 2");
    Path file =
        MadeVideos.made(
            "covered.mp4",
            "-i %s -i %s -map 0:v -map 1:v -c copy -disposition:0 attached_pic"
                .formatted(cover, video));
    CutClips clips = cut(file, 20, 25, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 20));
    assertThat(remarks(clips)).isEmpty();
  }

  @Test
  void isBestOrANumber() {
    assertThat(StreamChoice.of("best")).isEqualTo(StreamChoice.BEST);
    assertThat(StreamChoice.of("12").number()).isEqualTo(12);
    assertThat(StreamChoice.of("12").word()).isEqualTo("12");
    assertThat(StreamChoice.BEST.word()).isEqualTo("best");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "first", "99999"})
  void nothingElse(String text) {
    assertThatThrownBy(() -> StreamChoice.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "found \"%s\"; expected best, or the number of a video stream from 0 to 1000", text);
  }
}
