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
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.source.SourceVideos.MissingVideo;

class EpicReaderTest {
  private static final String HEADER =
      "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,"
          + "start_frame,stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,"
          + "all_noun_classes\n";
  private static final String ROWS =
      HEADER
          + "P01_11_0,P01,P01_11,00:00:00.560,00:00:00.00,00:00:01.89,1,113,take plate,take,0,"
          + "plate,2,['plate'],[2]\n"
          + "P01_11_1,P01,P01_11,,00:01:02.25,00:01:04.00,3735,3840,\"put knife, plate\",put,1,"
          + "knife,1,\"['knife', 'plate']\",\"[1, 2]\"\n"
          + "P02_101_7,P02,P02_101,00:00:01.089,01:00:00.14,01:00:03.37,8,202,open tap,open,2,"
          + "tap,0,['tap'],[0]\n";
  private static final LabelMap NOUNS = LabelMap.of(List.of("tap", "knife", "plate"));
  private static final LabelMap VERBS = LabelMap.of(List.of("take", "put", "open"));

  @TempDir Path folder;
  private DataSetFolder data;

  @BeforeEach
  void start() throws IOException {
    data = new DataSetFolder(folder).text("EPIC_100_train.csv", ROWS);
  }

  private void classes(String where) throws IOException {
    data.text(
        where + "EPIC_100_noun_classes.csv",
        "id,key,instances,category\n0,tap,\"['tap', 'tap:water']\",appliances\n"
            + "1,knife,['knife'],cutlery\n2,plate,['plate'],crockery\n");
    data.text(
        where + "EPIC_100_verb_classes.csv",
        "\"id\",\"key\",\"instances\",\"category\"\n0,\"take\",\"['take']\",\"retrieve\"\n"
            + "1,put,['put'],leave\n2,open,['open'],access\n");
  }

  private SourceVideos read(List<String> heads, Optional<LabelHeads> given) throws IOException {
    return data.read(
        "EPIC_100_train.csv",
        SourceFormat.AUTO,
        "",
        new LabelColumns(heads, Labelling.SINGLE_LABEL),
        given);
  }

  private SourceVideos read() throws IOException {
    return read(List.of("noun", "verb"), Optional.empty());
  }

  @Test
  void readsPartsOfLongVideosWithNounsAndVerbs() throws IOException {
    classes("");
    data.videos("EPIC-KITCHENS/P01/videos/P01_11.MP4", "EPIC-KITCHENS/P02/videos/P02_101.MP4");

    SourceVideos source = read();

    assertThat(source.official()).hasValue(List.of(NOUNS, VERBS));
    String first = "EPIC-KITCHENS/P01/videos/P01_11.MP4";
    String second = "EPIC-KITCHENS/P02/videos/P02_101.MP4";
    assertThat(source.videos())
        .containsExactly(
            part("P01_11_0", first, "plate", "take", new TimeSpan(0, 1.89)),
            part("P01_11_1", first, "knife", "put", new TimeSpan(62.25, 64)),
            part("P02_101_7", second, "tap", "open", new TimeSpan(3600.14, 3603.37)));
  }

  private LabelledVideo part(String id, String name, String noun, String verb, TimeSpan span) {
    return new LabelledVideo(id, "", List.of(List.of(noun), List.of(verb)), span)
        .in(data.path(name), name.length());
  }

  @Test
  void findsFlatVideosAndThoseOf2018() throws IOException {
    classes("");
    data.videos("videos/P01_11.mp4", "videos/2018/train/P02/P02_101.MP4");
    assertThat(read().videos())
        .extracting(LabelledVideo::path)
        .containsExactly(
            data.path("videos/P01_11.mp4"),
            data.path("videos/P01_11.mp4"),
            data.path("videos/2018/train/P02/P02_101.MP4"));
  }

  @Test
  void listsMissingVideos() throws IOException {
    classes("");
    data.videos("videos/P01_11.MP4");
    assertThat(read().missing())
        .extracting(one -> one.video().id(), one -> one.video().path(), MissingVideo::cause)
        .containsExactly(
            tuple(
                "P02_101_7",
                data.path("videos/P02/videos/P02_101.MP4"),
                "no file P02_101.MP4 under " + data.path("videos")));
  }

  @Test
  void anyOrderOfHeadsAndOneAlone() throws IOException {
    classes("");
    data.videos("P01_11.MP4");
    SourceVideos verbs = read(List.of("verb"), Optional.empty());
    assertThat(verbs.official()).hasValue(List.of(VERBS));
    assertThat(verbs.videos()).extracting(LabelledVideo::label).containsExactly("take", "put");
    assertThat(read(List.of("verb", "noun"), Optional.empty()).videos())
        .extracting(LabelledVideo::label)
        .containsExactly("take,plate", "put,knife");
    assertThatThrownBy(() -> read(List.of("label"), Optional.empty()))
        .hasMessageContaining(
            "EPIC-Kitchens has nouns and verbs, but prepare.heads is [label]; give"
                + " prepare.heads=[noun, verb]");
  }

  @Test
  void namesOfClassesAreNeeded() throws IOException {
    data.videos("P01_11.MP4");
    assertThatThrownBy(this::read)
        .hasMessageContaining(
            "its classes are numbers, whose names are in EPIC_100_noun_classes.csv; put this file"
                + " next to it");
    LabelHeads given = DataSetFolder.NOUN_VERB.with(List.of(NOUNS, VERBS));
    SourceVideos source = read(List.of("noun", "verb"), Optional.of(given));
    assertThat(source.official()).isEmpty();
    assertThat(source.videos())
        .extracting(LabelledVideo::label)
        .containsExactly("plate,take", "knife,put");
  }

  @Test
  void reportsEverythingThatIsWrong() throws IOException {
    classes("");
    data.videos("P01_11.MP4");
    data.text(
        "EPIC_100_train.csv",
        HEADER
            + "a,P01,P01_11,,00:00:02.00,00:00:01.89,1,2,take,take,0,plate,300,[],[]\n"
            + "b,P01,P01_11,,soon,00:61:00.00,1,2,take,take,x,plate,2,[],[]\n"
            + "c,P01,,,00:00:02.00,00:00:03.00,1,2,take,take,3,plate,2,[],[]\n"
            + "d,P01,P01_11,,00:00:02.00,00:00:03.00,1,2,take,take,0,plate,2,[plate,tap],[]\n");
    assertThatThrownBy(this::read)
        .satisfies(
            e ->
                assertThat(
                        e.getMessage().lines().map(line -> line.replaceFirst(".*train.csv: ", "")))
                    .containsExactly(
                        "2: stop_timestamp: found \"00:00:01.89\", expected a moment after"
                            + " start_timestamp \"00:00:02.00\"",
                        "2: noun_class: found \"300\", expected one of the 3 classes of "
                            + data.path("EPIC_100_noun_classes.csv"),
                        "3: start_timestamp: found \"soon\", expected seconds or hh:mm:ss.s, from"
                            + " 0 up",
                        "3: stop_timestamp: found \"00:61:00.00\", expected seconds or hh:mm:ss.s,"
                            + " from 0 up",
                        "3: verb_class: found \"x\", expected a whole number from 0 up",
                        "4: the video_id is empty",
                        "4: verb_class: found \"3\", expected one of the 3 classes of "
                            + data.path("EPIC_100_verb_classes.csv"),
                        "5: found 16 cells, expected " + HEADER.strip(),
                        "8 problems in all: wrong numbers of cells 1, empty cells 1, wrong numbers"
                            + " or times 3, parts that end before they start 1, unknown classes"
                            + " 2"));
  }

  @Test
  void refusesTheTestList() throws IOException {
    data.text(
        "EPIC_100_train.csv",
        "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,"
            + "start_frame,stop_frame\n"
            + "P01_101_0,P01,P01_101,00:00:02.851,00:00:02.86,00:00:03.87,143,193\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining(
            "there are no columns [noun_class, verb_class]: this is a test list without classes");
  }
}
