package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.source.SourceVideos.MissingVideo;

class KineticsReaderTest {
  private static final String HEADER = "label,youtube_id,time_start,time_end,split,is_cc\n";

  @TempDir Path folder;
  private DataSetFolder data;

  @BeforeEach
  void start() {
    data = new DataSetFolder(folder);
  }

  @Test
  void readsTheOfficialListWithClipsInOneFolder() throws IOException {
    data.text(
        "annotations/val.csv",
        HEADER
            + "abseiling,-3B32lodo2M,59,69,val,0\n"
            + "\"air drumming\",_dbcJuKJQNs,40,50,val,0\n"
            + "abseiling,a_b_1234_56,0,10,val,1\n");
    data.videos(
        "val/-3B32lodo2M_000059_000069.mp4",
        "val/_dbcJuKJQNs_000040_000050.mkv",
        "val/a_b_1234_56_000000_000010.webm");

    SourceVideos source = data.read("annotations/val.csv");

    assertThat(source.missing()).isEmpty();
    assertThat(source.official()).isEmpty();
    assertThat(source.videos())
        .containsExactly(
            data.video(
                "-3B32lodo2M_000059_000069", "val/-3B32lodo2M_000059_000069.mp4", "abseiling"),
            data.video(
                "_dbcJuKJQNs_000040_000050", "val/_dbcJuKJQNs_000040_000050.mkv", "air drumming"),
            data.video(
                "a_b_1234_56_000000_000010", "val/a_b_1234_56_000000_000010.webm", "abseiling"));
  }

  @Test
  void readsAListWithoutIsCcAndClipsInClassFolders() throws IOException {
    data.text(
        "train.csv",
        "Label,YouTube_ID,time_start,time_end,split\r\n"
            + "air drumming,aaaaaaaaaaa,1,11,train\r\n"
            + "using remote controller (not gaming),bbbbbbbbbbb,2,12,train\r\n"
            + "cooking,ccccccccccc,3,13,train\r\n");
    data.videos(
        "train/air drumming/aaaaaaaaaaa_000001_000011.mp4",
        "train/using_remote_controller_not_gaming/bbbbbbbbbbb_000002_000012.mp4",
        "train/cooking/ccccccccccc_3_13.mp4");

    assertThat(data.read("train.csv").videos())
        .extracting(LabelledVideo::id, LabelledVideo::label)
        .containsExactly(
            tuple("aaaaaaaaaaa_000001_000011", "air drumming"),
            tuple("bbbbbbbbbbb_000002_000012", "using remote controller (not gaming)"),
            tuple("ccccccccccc_000003_000013", "cooking"));
  }

  @Test
  void aClipThatIsThereTwiceIsTakenFromTheFolderOfItsClass() throws IOException {
    data.text("train.csv", HEADER + "air drumming,aaaaaaaaaaa,1,11,train,0\n");
    data.videos(
        "train/abseiling/aaaaaaaaaaa_000001_000011.mp4",
        "train/air_drumming/aaaaaaaaaaa_000001_000011.mp4",
        "train/air_drumming/aaaaaaaaaaa_000001_000011.webm");
    assertThat(data.read("train.csv").videos())
        .extracting(LabelledVideo::path)
        .containsExactly(data.path("train/air_drumming/aaaaaaaaaaa_000001_000011.mp4"));
  }

  @Test
  void readsTextListsWithoutAHeaderAndOfPaths() throws IOException {
    data.videos("k600/train/abseiling/aaaaaaaaaaa_000001_000011.mp4");
    data.text("k600/annotations/train.txt", "abseiling,aaaaaaaaaaa,1,11,train\n");
    data.text("k600/list.txt", "abseiling/aaaaaaaaaaa_000001_000011\n");
    data.text("k600/files.txt", "train/abseiling/aaaaaaaaaaa_000001_000011.mp4\n");
    LabelledVideo video =
        data.video(
            "aaaaaaaaaaa_000001_000011",
            "k600/train/abseiling/aaaaaaaaaaa_000001_000011.mp4",
            "abseiling");

    assertThat(data.read("k600/annotations/train.txt").videos()).containsExactly(video);
    for (String list : List.of("k600/list.txt", "k600/files.txt")) {
      assertThat(
              data.read(
                      list,
                      SourceFormat.AUTO,
                      "k600/train",
                      LabelColumns.DEFAULT,
                      Optional.of(LabelHeads.of(LabelMap.of(List.of("abseiling")))))
                  .videos())
          .containsExactly(video);
    }
    data.text("k600/list.txt", "abseiling/aaaaaaaaaaa_000001_000011\nabseiling\n");
    assertThatThrownBy(() -> data.read("k600/list.txt"))
        .hasMessageContaining("list.txt: 2: found \"abseiling\", expected class/clip");
  }

  @Test
  void refusesATestListWithoutClasses() throws IOException {
    data.text("test.csv", "youtube_id,time_start,time_end,split\naaaaaaaaaaa,1,11,test\n");
    assertThatThrownBy(() -> data.read("test.csv"))
        .hasMessageContaining("there is no column \"label\" in [youtube_id, time_start")
        .hasMessageContaining("this is a test list without classes");
  }

  @Test
  void readsTheHoldoutList() throws IOException {
    data.text(
        "annotations/kinetics600_holdout_test.csv", HEADER + "abseiling,aaaaaaaaaaa,1,11,test,0\n");
    data.videos("test/aaaaaaaaaaa_000001_000011.mp4");
    assertThat(data.read("annotations/kinetics600_holdout_test.csv").videos()).hasSize(1);
  }

  @Test
  void replacementsOfCorruptClipsGoFirst() throws IOException {
    data.text(
        "annotations/train.csv",
        HEADER + "abseiling,-aaaaaaaaaa,1,11,train,0\nabseiling,bbbbbbbbbbb,1,11,train,0\n");
    data.videos(
        "train/-aaaaaaaaaa_000001_000011.mp4",
        "train/bbbbbbbbbbb_000001_000011.mp4",
        "replacement/replacement_for_corrupted_k400/-aaaaaaaaaa_000001_000011.mp4");
    assertThat(data.read("annotations/train.csv").videos())
        .extracting(LabelledVideo::path)
        .containsExactly(
            data.path("replacement/replacement_for_corrupted_k400/-aaaaaaaaaa_000001_000011.mp4"),
            data.path("train/bbbbbbbbbbb_000001_000011.mp4"));
  }

  @Test
  void aFileNamedByTheIdAloneIsTakenIfOnlyOneClipCanBeMeant() throws IOException {
    data.text(
        "val.csv",
        HEADER
            + "abseiling,aaaaaaaaaaa,1,11,val,0\n"
            + "abseiling,bbbbbbbbbbb,1,11,val,0\n"
            + "abseiling,bbbbbbbbbbb,20,30,val,0\n");
    data.videos("val/abseiling/aaaaaaaaaaa.mkv", "val/abseiling/bbbbbbbbbbb.mp4");

    SourceVideos source = data.read("val.csv");
    assertThat(source.videos())
        .containsExactly(
            data.video("aaaaaaaaaaa_000001_000011", "val/abseiling/aaaaaaaaaaa.mkv", "abseiling"));
    assertThat(source.missing())
        .extracting(one -> one.video().id(), MissingVideo::cause)
        .containsExactly(
            tuple(
                "bbbbbbbbbbb_000001_000011",
                "no file bbbbbbbbbbb_000001_000011 of any video format under " + data.path("val")),
            tuple(
                "bbbbbbbbbbb_000020_000030",
                "no file bbbbbbbbbbb_000020_000030 of any video format under " + data.path("val")));
  }

  @Test
  void reportsEverythingThatIsWrong() throws IOException {
    data.videos("val/aaaaaaaaaaa_000001_000011.mp4");
    data.text(
        "val.csv",
        HEADER
            + "abseiling,aaaaaaaaaaa,1,11,val,0\n"
            + "abseiling,aaaaaaaaaaa,1,11,val,0\n"
            + "cooking,aaaaaaaaaaa,1,11,val,0\n"
            + "abseiling,bbbbbbbbbbb,eleven,-3,val,0\n"
            + "abseiling,ccccccccccc,11,11,val,0\n"
            + ",,1,11,val,0\n"
            + "abseilng,ddddddddddd,1,11,val,0\n"
            + "abseiling,eeeeeeeeeee,1,11\n");
    LabelMap classes = LabelMap.of(List.of("abseiling", "cooking"));
    assertThatThrownBy(() -> data.read("val.csv", classes))
        .isInstanceOf(SourceException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage().lines().map(line -> line.replaceFirst(".*val.csv", "")))
                    .containsExactly(
                        ": 4: \"aaaaaaaaaaa_000001_000011\" is \"cooking\" here, but \"abseiling\""
                            + " in line 2",
                        ": 5: time_start: found \"eleven\", expected a whole number from 0 up",
                        ": 5: time_end: found \"-3\", expected a whole number from 0 up",
                        ": 6: time_end: found \"11\", expected a moment after time_start \"11\"",
                        ": 7: the label is empty",
                        ": 7: the youtube_id is empty",
                        ": 8: label: found \"abseilng\", expected one of the 2 classes of the"
                            + " list, such as \"abseiling\"",
                        ": 9: found 4 cells, expected label,youtube_id,time_start,time_end,split,"
                            + "is_cc",
                        "8 problems in all: wrong numbers of cells 1, empty cells 2, wrong numbers"
                            + " or times 2, parts that end before they start 1, repeated videos 1,"
                            + " unknown classes 1"));
  }

  @Test
  void saysWhereItLookedForVideos() throws IOException {
    data.text("annotations/val.csv", HEADER + "abseiling,aaaaaaaaaaa,1,11,val,0\n");
    assertThatThrownBy(() -> data.read("annotations/val.csv"))
        .hasMessageContaining("val.csv: found no videos in the usual folders, ")
        .hasMessageContaining(data.path("annotations/val"))
        .hasMessageContaining(data.path("val"))
        .hasMessageEndingWith("give prepare.videos=...");
    data.videos("val/other.mp4");
    assertThatThrownBy(() -> data.read("annotations/val.csv"))
        .hasMessageContaining("none of 1 video exists, such as aaaaaaaaaaa_000001_000011");
  }

  @Test
  void aFolderOfClassesMayHaveUnderscores() throws IOException {
    data.videos("val/air_drumming/aaaaaaaaaaa_000001_000011.mp4", "val/making_tea/x.mp4");
    LabelMap classes = LabelMap.of(List.of("air drumming", "making tea"));
    assertThat(data.read("val", classes).videos())
        .extracting(LabelledVideo::id, LabelledVideo::label)
        .containsExactly(
            tuple("air_drumming/aaaaaaaaaaa_000001_000011.mp4", "air drumming"),
            tuple("making_tea/x.mp4", "making tea"));
    data.videos("val/air_druming/x.mp4");
    assertThatThrownBy(() -> data.read("val", classes))
        .hasMessageContaining(
            "found the folder \"air_druming\" with 1 video, expected one of the 2 classes of the"
                + " list, such as \"air drumming\"");
  }
}
