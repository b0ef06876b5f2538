package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelMap;

class MomentsReaderTest {
  private static final String ROWS =
      "blocking/getty-karate-video-id635808620_4.mp4,blocking,4,0\n"
          + "adult+female+singing/yt-5of6ffo6-Bw_205.mp4,adult+female+singing,3,1\n";

  @TempDir Path folder;
  private DataSetFolder data;

  @BeforeEach
  void start() throws IOException {
    data =
        new DataSetFolder(folder)
            .text("moments_categories.txt", "blocking,1\nadult+female+singing,0\n")
            .text("trainingSet.csv", ROWS);
  }

  @Test
  void readsTheOfficialPackage() throws IOException {
    data.videos(
        "training/blocking/getty-karate-video-id635808620_4.mp4",
        "training/adult+female+singing/yt-5of6ffo6-Bw_205.mp4",
        "validation/blocking/getty-karate-video-id635808620_4.mp4");

    SourceVideos source = data.read("trainingSet.csv");

    assertThat(source.official())
        .hasValue(List.of(LabelMap.of(List.of("adult+female+singing", "blocking"))));
    assertThat(source.missing()).isEmpty();
    assertThat(source.videos())
        .containsExactly(
            data.video(
                "blocking/getty-karate-video-id635808620_4.mp4",
                "training/blocking/getty-karate-video-id635808620_4.mp4",
                "blocking"),
            data.video(
                "adult+female+singing/yt-5of6ffo6-Bw_205.mp4",
                "training/adult+female+singing/yt-5of6ffo6-Bw_205.mp4",
                "adult+female+singing"));
  }

  @Test
  void theSameFileNameOfAnotherClassIsAnotherVideo() throws IOException {
    data.text("trainingSet.csv", "blocking/a.mp4,blocking,4,0\n");
    data.videos("training/adult+female+singing/a.mp4");
    assertThatThrownBy(() -> data.read("trainingSet.csv"))
        .hasMessageContaining("none of 1 video exists, such as blocking/a.mp4: no file");
  }

  @Test
  void reportsEverythingThatIsWrong() throws IOException {
    data.videos("training/blocking/a.mp4");
    data.text(
        "trainingSet.csv",
        "blocking/a.mp4,blocking,4,0\n"
            + "blocking/a.mp4,adult+female+singing,4,0\n"
            + "blockin/b.mp4,blockin,4,0\n"
            + "blocking/c.mp4\n"
            + ",blocking,4,0\n");
    assertThatThrownBy(() -> data.read("trainingSet.csv"))
        .hasMessageContaining("2: \"blocking/a.mp4\" is \"adult+female+singing\" here, but")
        .hasMessageContaining("3: label: found \"blockin\", expected one of the 2 classes of")
        .hasMessageContaining("moments_categories.txt, such as \"blocking\"")
        .hasMessageContaining("4: found 1 cells, expected filename,label,positive_responses,")
        .hasMessageContaining("5: the filename is empty");
  }
}
