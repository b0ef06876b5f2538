package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.tfrecord.RecordSettings.RecordClasses;

class RecordLabelsTest {
  private static final LabelColumns ONE = LabelColumns.DEFAULT;
  private static final LabelColumns MULTI =
      new LabelColumns(List.of("label"), Labelling.MULTI_LABEL);
  private static final LabelColumns EPIC =
      new LabelColumns(List.of("noun", "verb"), Labelling.SINGLE_LABEL);
  private static final RecordSettings AUTO = RecordSettings.DEFAULT;

  private static Example example(List<Long> indices, String... texts) {
    return new Example(indices, List.of(texts), "", -1, -1);
  }

  private static RecordIndex shard(Example... examples) {
    ArrayList<RecordIndex.Entry> entries = new ArrayList<>();
    for (Example example : examples) {
      entries.add(new RecordIndex.Entry(entries.size(), 1000L * entries.size(), 990, example));
    }
    return new RecordIndex("/data/s-00000-of-00001", entries);
  }

  private static SourceVideos label(
      LabelColumns columns, List<LabelMap> given, RecordSettings settings, RecordIndex... shards)
      throws IOException {
    Optional<List<LabelMap>> maps = Optional.of(given).filter(list -> !list.isEmpty());
    return new RecordLabels(columns, maps.map(columns::with), settings)
        .label(List.of(shards), (shard, record) -> Optional.empty());
  }

  private static List<List<List<String>>> labels(SourceVideos source) {
    return source.videos().stream().map(LabelledVideo::labels).toList();
  }

  @Test
  void recordsBecomeVideos() throws IOException {
    RecordIndex shard =
        shard(
            new Example(List.of(1L), List.of("b"), "dir/x.mp4", 0, 10), example(List.of(0L), "a"));
    SourceVideos source = label(ONE, List.of(), AUTO, shard);
    assertThat(source.videos()).hasSize(2);
    LabelledVideo first = source.videos().get(0);
    assertThat(first.id()).isEqualTo("s-00000-of-00001#0:dir/x.mp4");
    assertThat(first.path()).isEqualTo("/data/s-00000-of-00001");
    assertThat(first.record()).isZero();
    assertThat(first.span().isWhole()).isTrue();
    LabelledVideo second = source.videos().get(1);
    assertThat(second.id()).isEqualTo("s-00000-of-00001#1");
    assertThat(second.record()).isEqualTo(1000);
    assertThat(second.size()).isEqualTo(990);
    assertThat(labels(source)).containsExactly(List.of(List.of("b")), List.of(List.of("a")));
  }

  @Test
  void namesSufficeAndIdsNeedAList() throws IOException {
    assertThat(labels(label(ONE, List.of(), AUTO, shard(example(List.of(), "z")))))
        .containsExactly(List.of(List.of("z")));
    LabelMap map = LabelMap.of(List.of("z", "a", "k"));
    assertThat(labels(label(ONE, List.of(map), AUTO, shard(example(List.of(2L))))))
        .containsExactly(List.of(List.of("k")));
    assertThatThrownBy(() -> label(ONE, List.of(), AUTO, shard(example(List.of(2L)))))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "the records have ids of classes; give the names in the order of these with"
                + " prepare.labels");
  }

  @Test
  void idsMayCountFromOne() throws IOException {
    LabelMap map = LabelMap.of(List.of("z", "a"));
    RecordSettings fromOne = new RecordSettings(RecordClasses.AUTO, 1, 9);
    RecordIndex shard = shard(example(List.of(1L), "z"), example(List.of(2L)));
    assertThat(labels(label(ONE, List.of(map), fromOne, shard)))
        .containsExactly(List.of(List.of("z")), List.of(List.of("a")));
    assertThatThrownBy(
            () ->
                label(
                    ONE, List.of(map), fromOne, shard(example(List.of(0L)), example(List.of(3L)))))
        .hasMessageStartingWith(
            "s-00000-of-00001#0: its class has the id 0, expected 1 to 2, as there are 2 names\n"
                + "s-00000-of-00001#1: its class has the id 3, expected 1 to 2, as there are 2"
                + " names");
  }

  @Test
  void namesAndIdsThatContradictEachOtherAreRefused() throws IOException {
    LabelMap map = LabelMap.of(List.of("z", "a"));
    RecordIndex shard =
        shard(example(List.of(0L), "a"), example(List.of(1L), "a"), example(List.of(1L), "z"));
    assertThatThrownBy(() -> label(ONE, List.of(map), AUTO, shard))
        .hasMessageContaining(
            "#0: its class has the id 0 and the name \"a\", which is number 1 of prepare.labels;")
        .hasMessageContaining("#2: its class has the id 1 and the name \"z\", which is number 0")
        .hasMessageContaining("or prepare.tfrecord.classes=text to go by the names alone")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(3));
    assertThatThrownBy(() -> label(ONE, List.of(), AUTO, shard))
        .hasMessageContaining("#1: its class has the id 1 and the name \"a\"")
        .hasMessageContaining("which is number 0 of the sorted names;");
    RecordSettings byText = new RecordSettings(RecordClasses.TEXT, 0, 9);
    RecordSettings byIndex = new RecordSettings(RecordClasses.INDEX, 0, 9);
    assertThat(labels(label(ONE, List.of(map), byText, shard)).get(0))
        .isEqualTo(List.of(List.of("a")));
    assertThat(labels(label(ONE, List.of(map), byIndex, shard)).get(0))
        .isEqualTo(List.of(List.of("z")));
    assertThatThrownBy(() -> label(ONE, List.of(), AUTO, shard(example(List.of(1L, 2L), "a"))))
        .hasMessageContaining("found the names [a] and the ids [1, 2], expected as many of both");
  }

  @Test
  void namesOutsideTheListAreRefused() {
    LabelMap map = LabelMap.of(List.of("a"));
    assertThatThrownBy(
            () ->
                label(
                    ONE,
                    List.of(map),
                    AUTO,
                    shard(example(List.of(), "b"), example(List.of(), " "))))
        .hasMessageStartingWith(
            "s-00000-of-00001#0: the label \"b\" is not among the 1 of prepare.labels\n"
                + "s-00000-of-00001#1: the name of its class is empty");
  }

  @Test
  void aSingleLabelIsOne() {
    assertThatThrownBy(
            () ->
                label(
                    ONE, List.of(), AUTO, shard(example(List.of(), "a", "b"), example(List.of()))))
        .hasMessageStartingWith(
            "s-00000-of-00001#0: found the classes [a, b], expected one of the head label\n"
                + "s-00000-of-00001#1: found no class, expected one of the head label");
  }

  @Test
  void multiLabelRecordsHaveAnyNumber() throws IOException {
    LabelMap map = LabelMap.of(List.of("a", "b", "c"));
    RecordIndex shard =
        shard(example(List.of(2L, 0L)), example(List.of()), example(List.of(1L), "b"));
    assertThat(labels(label(MULTI, List.of(map), AUTO, shard)))
        .containsExactly(List.of(List.of("c", "a")), List.of(List.of()), List.of(List.of("b")));
    assertThatThrownBy(() -> label(MULTI, List.of(map), AUTO, shard(example(List.of(1L, 1L)))))
        .hasMessageContaining(
            "found the classes [b, b], expected different ones of the head label");
  }

  @Test
  void verbsOfEpicKitchensComeAfterItsNouns() throws IOException {
    LabelMap nouns = LabelMap.of(names("noun", 300));
    LabelMap verbs = LabelMap.of(names("verb", 97));
    List<LabelMap> maps = List.of(nouns, verbs);
    RecordIndex shard =
        shard(example(List.of(299L, 300L), "take plate"), example(List.of(396L, 0L), "open tap"));
    assertThat(labels(label(EPIC, maps, AUTO, shard)))
        .containsExactly(
            List.of(List.of("noun 299"), List.of("verb 0")),
            List.of(List.of("noun 0"), List.of("verb 96")));
    assertThatThrownBy(
            () -> label(EPIC, maps, AUTO, shard(example(List.of(5L)), example(List.of(397L, 1L)))))
        .hasMessageContaining("#0: found no class, expected one of the head verb")
        .hasMessageContaining("#1: its class has the id 397, expected 0 to 396");
    assertThatThrownBy(() -> label(EPIC, List.of(), AUTO, shard))
        .hasMessageContaining("give the names in the order of these with prepare.labels");
    assertThatThrownBy(() -> label(EPIC, maps, new RecordSettings(RecordClasses.TEXT, 0, 9), shard))
        .hasMessageContaining("the names in records do not state their head");
  }

  @Test
  void unreadableRecordsAreCalledWhatTheyAre() throws IOException {
    RecordIndex.Entry bad =
        new RecordIndex.Entry(1, 990, 0, null).bad(BadKind.TRUNCATED, "it is cut");
    RecordIndex shard =
        new RecordIndex("s", List.of(shard(example(List.of(), "a")).records().get(0), bad));
    SourceVideos source = label(ONE, List.of(), AUTO, shard);
    assertThat(source.videos()).hasSize(1);
    assertThat(source.missing()).hasSize(1);
    assertThat(source.missing().get(0).video().id()).isEqualTo("s#1");
    assertThat(source.missing().get(0).cause()).isEqualTo("it is cut");
    assertThat(source.missing().get(0).kind()).isEqualTo(BadKind.TRUNCATED);
    assertThatThrownBy(() -> label(ONE, List.of(), AUTO, new RecordIndex("s", List.of(bad))))
        .hasMessage("found no readable record in 1 shard; it is cut");
  }

  private static List<String> names(String kind, int count) {
    return IntStream.range(0, count).mapToObj(i -> kind + " " + i).toList();
  }
}
