package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.source.SourceVideos.MissingVideo;

class SomethingReaderTest {
  private static final String TRAIN =
      """
[
{"id": "45", "label": "putting wood onto cable", "template": "Putting [something] onto [something]", "placeholders": ["wood", "cable"]},
{"id": 9, "label": "opening a \\"box\\"", "template": "Opening [something]", "placeholders": ["a box"]}
]
""";
  private static final LabelMap CLASSES =
      LabelMap.of(List.of("Putting something onto something", "Opening something"));

  @TempDir Path folder;
  private DataSetFolder data;

  @BeforeEach
  void start() {
    data = new DataSetFolder(folder);
  }

  private void labels(String name) throws IOException {
    data.text(name, "{\"Putting something onto something\":\"0\", \"Opening something\":\"1\"}");
  }

  @Test
  void classListsMayHaveTheBrackets() throws IOException {
    DataSetFolder set = new DataSetFolder(folder.resolve("brackets"));
    set.videos("videos/7.webm").text("labels.json", "{\"Holding [something]\":\"0\"}");
    set.text("train.json", "[{\"id\":\"7\",\"template\":\"Holding [something]\"}]");
    assertThat(set.read("train.json").videos().get(0).label()).isEqualTo("Holding [something]");
  }

  @Test
  void readsThePackageOfToday() throws IOException {
    labels("labels/labels.json");
    data.text("labels/train.json", TRAIN);
    data.videos("20bn-something-something-v2/45.webm", "20bn-something-something-v2/9.webm");

    SourceVideos source = data.read("labels/train.json");

    assertThat(source.official()).hasValue(List.of(CLASSES));
    assertThat(source.videos())
        .containsExactly(
            data.video(
                "45", "20bn-something-something-v2/45.webm", "Putting something onto something"),
            data.video("9", "20bn-something-something-v2/9.webm", "Opening something"));
  }

  @Test
  void readsTheOldPackageWithNumbersForIds() throws IOException {
    data.text(
        "something-something-v2-labels.json",
        "{\"Putting something onto something\":0, \"Opening something\":1}");
    data.text("something-something-v2-validation.json", TRAIN);
    data.videos("20bn-something-something-v2/9.webm");

    SourceVideos source = data.read("something-something-v2-validation.json");

    assertThat(source.official()).hasValue(List.of(CLASSES));
    assertThat(source.videos()).extracting(LabelledVideo::id).containsExactly("9");
    assertThat(source.missing())
        .extracting(one -> one.video().id(), MissingVideo::cause)
        .containsExactly(
            tuple("45", "no file 45.webm under " + data.path("20bn-something-something-v2")));
  }

  @Test
  void theTestListNeedsItsAnswers() throws IOException {
    labels("labels.json");
    data.text("test.json", "[{\"id\":\"1420\"}, {\"id\":\"7\"}]");
    data.videos("videos/1420.webm", "videos/7.webm");
    assertThatThrownBy(() -> data.read("test.json"))
        .hasMessageContaining(
            "test.json: the test list has no classes; put test-answers.csv next to it, take");

    data.text("test-answers.csv", "1420;Opening something\n7;Putting something onto something\n");
    List<LabelledVideo> expected =
        List.of(
            data.video("1420", "videos/1420.webm", "Opening something"),
            data.video("7", "videos/7.webm", "Putting something onto something"));
    assertThat(data.read("test.json").videos()).isEqualTo(expected);
    assertThat(data.read("test-answers.csv").videos()).isEqualTo(expected);
  }

  @Test
  void withoutLabelsJsonClassesAreThoseGiven() throws IOException {
    data.text("train.json", TRAIN);
    data.videos("45.webm", "9.webm");
    assertThat(data.read("train.json", CLASSES).official()).isEmpty();
    assertThat(data.read("train.json").videos()).hasSize(2);
  }

  @Test
  void reportsEverythingThatIsWrong() throws IOException {
    labels("labels.json");
    data.videos("1.webm");
    data.text(
        "train.json",
        """
        [
        {"id": "1", "template": "Opening [something]"},
        {"id": "1", "template": "Putting [something] onto [something]"},
        {"template": "Opening [something]"},
        {"id": "2"},
        {"id": "3", "template": "Openning [something]"},
        {"id": "4", "template" "Opening [something]"}
        ]
        """);
    assertThatThrownBy(() -> data.read("train.json"))
        .hasMessageContaining("train.json: 3: \"1\" is \"Putting something onto something\" here")
        .hasMessageContaining("train.json: 4: an object without \"id\"")
        .hasMessageContaining("train.json: 5: an object without \"template\"")
        .hasMessageContaining(
            "train.json: 6: template of video 3: found \"Openning [something]\", expected one of"
                + " the 2 classes of "
                + data.path("labels.json")
                + ", such as \"Opening something\"")
        .hasMessageContaining("train.json: 7: column 25: not JSON: ");
    data.text("train.json", "{}");
    assertThatThrownBy(() -> data.read("train.json"))
        .hasMessageContaining("expected a JSON array of objects with id and template");
  }
}
