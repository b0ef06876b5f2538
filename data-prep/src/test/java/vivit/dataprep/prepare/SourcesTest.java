package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.source.Chapters.ChapterRule;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceFormat;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.SourceVideos;

/** Where the classes of a set come from. */
class SourcesTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("1.webm"), "x");
    Files.writeString(
        folder.resolve("labels.json"), "{\"Open\": \"1\", \"Close\": \"0\", \"Tear\": 2}");
    Files.writeString(
        folder.resolve("train.json"),
        "[{\"id\": \"1\", \"template\": \"Open\"}, {\"id\": \"2\", \"template\": \"Close\"}]");
  }

  private Sources read(String labels, LabelColumns columns, String input) throws IOException {
    SourceSettings settings =
        new SourceSettings(
            SourceFormat.AUTO,
            folder.resolve(input).toString(),
            "",
            labels.isEmpty() ? "" : folder.resolve(labels).toString(),
            columns,
            ChapterRule.JOIN,
            List.of());
    return Sources.read(settings, new Configuration(), given -> SourceVideos.of(List.of()));
  }

  private List<String> classes(String labels) throws IOException {
    return read(labels, LabelColumns.DEFAULT, "train.json").heads().classNames();
  }

  @Test
  void theDataSetsOwnListIsTakenUnlessOneIsGiven() throws IOException {
    assertThat(classes("")).containsExactly("Close", "Open", "Tear");
    Files.writeString(folder.resolve("own.txt"), "Tear\nOpen\nClose\n");
    assertThat(classes("own.txt")).containsExactly("Tear", "Open", "Close");
    Files.delete(folder.resolve("labels.json"));
    assertThat(classes("")).as("of a missing video too").containsExactly("Close", "Open");
  }

  @Test
  void namesThatDifferInBlanksOrInvisibleCharactersAreOneClass() throws IOException {
    Files.writeString(
        folder.resolve("list.csv"),
        "1.webm,wa lk\n2.webm,\" wa lk \"\n3.webm,wa  lk\n4.webm,wa\u00a0lk\n"
            + "5.webm,wa\u200b lk\n6.webm,run\n7.webm,run\ufeff\n");

    assertThat(read("", LabelColumns.DEFAULT, "list.csv").heads().classNames())
        .containsExactly("run", "wa lk");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Run;run;",
        "run\uff11;run1; (U+0031 and U+FF11)",
        "r\u0443n;ryn; (U+0079 and U+0443)",
        "STRASSE;stra\u00dfe; (U+0053 and U+0073)"
      })
  void namesThatLookAlikeAreRefusedWithThePair(String one, String other, String codes)
      throws IOException {
    Files.writeString(folder.resolve("list.csv"), "1.webm,%s\n2.webm,%s\n".formatted(one, other));

    assertThatThrownBy(() -> read("", LabelColumns.DEFAULT, "list.csv"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("\"" + one + "\"")
        .hasMessageContaining("\"" + other + "\"")
        .hasMessageContaining(
            "look alike only" + (codes == null ? "" : " " + codes.strip()) + "; correct one");
    Files.writeString(folder.resolve("own.txt"), one + "\n" + other + "\n");
    assertThat(read("own.txt", LabelColumns.DEFAULT, "list.csv").heads().classNames())
        .containsExactly(one, other);
  }

  @Test
  void aListOfOtherClassesIsRefused() throws IOException {
    Files.writeString(folder.resolve("own.txt"), "Open\nClose\nBend\n");
    assertThatThrownBy(() -> classes("own.txt"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(
            "own.txt: its classes of label are not those of the data set: 1 only in this list:"
                + " \"Bend\"; 1 only in the data set: \"Tear\"");
  }

  @Test
  void aFolderMayHoldEpicKitchensOwnLists() throws IOException {
    Path lists = Files.createDirectories(folder.resolve("annotations"));
    Files.writeString(lists.resolve("EPIC_100_noun_classes.csv"), "id,key\n0,tap\n1,pan\n");
    Files.writeString(lists.resolve("verb.txt"), "take\n");
    Files.writeString(folder.resolve("list.csv"), "1.webm,pan,take\n");
    LabelColumns columns = new LabelColumns(List.of("noun", "verb"), Labelling.SINGLE_LABEL);

    Sources sources = read("annotations", columns, "list.csv");

    assertThat(sources.heads().list()).extracting(LabelHead::name).containsExactly("noun", "verb");
    assertThat(sources.heads().classNames()).containsExactly("tap", "pan", "take");
    assertThat(sources.videos()).hasSize(1);
  }
}
