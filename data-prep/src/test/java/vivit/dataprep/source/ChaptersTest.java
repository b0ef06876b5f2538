package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.TimeSpan;

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
                + " ski/GH020123.MP4: each file is a video of its own; prepare.chapters=join makes"
                + " one of those in a class folder, if none is missing or there twice; join others first with"
                + " ffmpeg -f concat and -c copy");
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

  @Test
  void filesAreJoinedInOrder() {
    assertThat(
            joined(
                "a/GH030123.MP4",
                "a/GH010123.MP4",
                "a/GH020123.MP4",
                "b/gp010007.mp4",
                "b/gp020007.mp4",
                "b/gopr0007.mp4",
                "b/other.mp4"))
        .containsExactly(
            "a/GH010123.MP4 [a/GH020123.MP4, a/GH030123.MP4] 6",
            "b/gopr0007.mp4 [b/gp010007.mp4, b/gp020007.mp4] 15",
            "b/other.mp4 [] 7");
  }

  @Test
  void incompleteRecordingsAreNotJoined() {
    assertThat(
            joined(
                "a/GH010123.MP4", // without the second
                "a/GH030123.MP4",
                "b/GH020124.MP4", // without the first
                "b/GH030124.MP4",
                "c/GP010125.MP4",
                "d/GH010126.MP4", // of two folders
                "e/GH020126.MP4",
                "f/GH010127.MP4", // of two cameras
                "f/GX020127.MP4",
                "g/GH000128.MP4",
                "g/GH010128.MP4"))
        .hasSize(11)
        .allMatch(video -> video.contains(" [] "));
  }

  @Test
  void filesThatAreThereTwiceOrMissingAreNotJoined() {
    assertThat(joined("a/GX010042.MP4", "a/GX020042.MP4", "a/gx010042.mp4", "b/GOPR0001.MP4"))
        .hasSize(4)
        .allMatch(video -> video.contains(" [] "));
    assertThat(joined("b/GOPR0123.MP4", "b/GP000123.MP4", "b/GP010123.MP4"))
        .containsExactly("b/GOPR0123.MP4 [b/GP010123.MP4] 4", "b/GP000123.MP4 [] 2");
    List<LabelledVideo> videos =
        List.of(
            new LabelledVideo("1", "a/GX010042.MP4", "class", TimeSpan.WHOLE),
            new LabelledVideo("2", "a/GX020042.MP4", "class", TimeSpan.WHOLE));
    assertThat(Chapters.joined(videos, List.of("a/GX030042.MP4"))).isEqualTo(videos);
  }

  private static List<String> joined(String... paths) {
    List<LabelledVideo> videos = new ArrayList<>();
    for (int i = 0; i < paths.length; i++) {
      videos.add(new LabelledVideo(paths[i], "", "class", TimeSpan.WHOLE).in(paths[i], i + 1));
    }
    return Chapters.joined(videos, List.of()).stream()
        .map(video -> "%s %s %d".formatted(video.path(), video.chapters(), video.size()))
        .toList();
  }
}
