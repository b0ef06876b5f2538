package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.source.Chapters.ChapterRule;
import vivit.dataprep.source.SourceVideos.MissingVideo;

class AnnotationCsvTest {
  @TempDir java.nio.file.Path folder;

  @BeforeEach
  void writeVideos() throws IOException {
    Files.createDirectory(folder.resolve("a"));
    for (String name : List.of("a/b.mp4", "a.mp4", "b.mp4", "c.mp4", "c d.avi", "a, b.mp4")) {
      Files.writeString(folder.resolve(name), "12345");
    }
    Files.writeString(folder.resolve("two\nlines.mp4"), "12345");
  }

  private static SourceVideos read(Path file, LabelColumns columns) throws IOException {
    SourceSettings settings =
        new SourceSettings(
            SourceFormat.CSV, file.toString(), "", "", columns, ChapterRule.JOIN, List.of());
    return VideoSource.read(new Configuration(), settings, Optional.empty());
  }

  private List<LabelledVideo> read(String text) throws IOException {
    Files.writeString(folder.resolve("list.csv"), text);
    return read(text, LabelColumns.DEFAULT);
  }

  private List<LabelledVideo> read(String text, LabelColumns columns) throws IOException {
    Files.writeString(folder.resolve("list.csv"), text);
    Path file = new Path(folder.resolve("list.csv").toUri());
    return read(file, columns).videos();
  }

  private String here(String name) {
    return "file:" + folder.resolve(name);
  }

  private LabelledVideo video(String id, String name, String label, TimeSpan span) {
    return new LabelledVideo(id, "", label, span).in(here(name), 5);
  }

  @Test
  void readsRowsWithoutAHeader() throws IOException {
    String full = here("c d.avi");
    assertThat(
            read(
                "a/b.mp4,opening\n%s,closing,1.5,00:01:02.25\n%s,opening,3,\n"
                    .formatted(full, folder.resolve("a.mp4"))))
        .containsExactly(
            video("a/b.mp4", "a/b.mp4", "opening", TimeSpan.WHOLE),
            video(full + "#t=1.5,00:01:02.25", "c d.avi", "closing", new TimeSpan(1.5, 62.25)),
            video(
                folder.resolve("a.mp4") + "#t=3,",
                "a.mp4",
                "opening",
                new TimeSpan(3, Double.POSITIVE_INFINITY)));
  }

  @Test
  void refusesAHeaderInTheMiddle() {
    assertThatThrownBy(() -> read("path,label\na.mp4,x\nPath, label\nb.mp4,y\n"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(
            "list.csv: 3: the header again, as in lists that were joined; delete this line");
  }

  @Test
  void refusesAHeaderOfOtherWords() {
    assertThatThrownBy(() -> read("video,label\na.mp4,x\nb.mp4,y\n"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("list.csv: its first row begins with \"video\", which is not a video")
        .hasMessageContaining("call them path,label");
  }

  @Test
  void takesAFirstRowThatIsAPartOfAVideo() throws IOException {
    assertThat(read("path,label,start,end\na.mp4,x,0,1.5\nb.mp4,y,1,2\n"))
        .extracting(LabelledVideo::id)
        .containsExactly("a.mp4#t=0,1.5", "b.mp4#t=1,2");
  }

  @Test
  void readsColumnsInTheOrderOfAHeader() throws IOException {
    assertThat(read("Label,Path\nopening,a.mp4\n"))
        .containsExactly(video("a.mp4", "a.mp4", "opening", TimeSpan.WHOLE));
  }

  @Test
  void readsQuotesByteOrderMarkAndCarriageReturns() throws IOException {
    assertThat(
            read(
                "\ufeffpath,label\r\n"
                    + "\"a, b.mp4\",\"say \"\"hi\"\"\"\r\n\r\n"
                    + "\"two\n"
                    + "lines.mp4\", x \r\n"))
        .extracting(LabelledVideo::id, LabelledVideo::label)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a, b.mp4", "say \"hi\""),
            org.assertj.core.groups.Tuple.tuple("two\nlines.mp4", "x"));
  }

  @Test
  void reportsEveryBadRowWithItsLine() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    path,label,start,end
                    a.mp4
                    ,opening,,
                    b.mp4,,,
                    c.mp4,opening,5,2
                    d.mp4,opening,soon,
                    e.mp4,opening,,
                    e.mp4,closing,,
                    "f.mp4,opening,,
                    """))
        .isInstanceOf(SourceException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage().lines().map(line -> line.replaceFirst(".*list.csv", "")))
                    .containsExactly(
                        ": 2: found 1 cells, expected path,label,start,end",
                        ": 3: the path is empty",
                        ": 4: the label is empty",
                        ": 5: end: found \"2\", expected a moment after start \"5\"",
                        ": 6: start: found \"soon\", expected seconds or hh:mm:ss.s, from 0 up",
                        ": 8: \"e.mp4\" is \"closing\" here, but \"opening\" in line 7",
                        ": 9: a quote is opened and never closed",
                        ": 9: found 1 cells, expected path,label,start,end",
                        "8 problems in all: wrong quotes or syntax 1, wrong numbers of cells 2,"
                            + " empty cells 2, wrong numbers or times 1,"
                            + " parts that end before they start 1, repeated videos 1"));
  }

  @Test
  void refusesQuotesInTheWrongPlace() {
    assertThatThrownBy(() -> read("a\"b.mp4,opening\n\"c.mp4\"x,opening\n"))
        .hasMessageContaining("1: a quote inside an unquoted cell")
        .hasMessageContaining("2: text after a closing quote");
  }

  @Test
  void refusesUnknownColumns() {
    assertThatThrownBy(() -> read("path,label,begin\na.mp4,opening,3\n"))
        .hasMessageContaining("1: unknown column \"begin\"; expected [path, label, start, end]");
  }

  @Test
  void readsAColumnPerHead() throws IOException {
    LabelColumns columns = new LabelColumns(List.of("noun", "verb"), Labelling.SINGLE_LABEL);
    LabelledVideo video =
        new LabelledVideo(
                "a.mp4#t=0.0,1.5",
                "",
                List.of(List.of("plate"), List.of("take")),
                new TimeSpan(0, 1.5))
            .in(here("a.mp4"), 5);
    assertThat(read("a.mp4,plate,take,0.0,1.5\n", columns)).containsExactly(video);
    assertThat(read("verb,path,noun,start,end\ntake,a.mp4,plate,0.0,1.5\n", columns))
        .containsExactly(video);
    assertThat(video.label()).isEqualTo("plate,take");
    assertThatThrownBy(() -> read("path,noun,verb\na.mp4,plate,\n", columns))
        .hasMessageContaining("2: the verb is empty");
    assertThatThrownBy(() -> read("a.mp4,plate\n", columns))
        .hasMessageContaining("1: found 2 cells, expected path,noun,verb,start,end");
    assertThatThrownBy(() -> read("path,label\na.mp4,plate\n", columns))
        .hasMessageContaining(
            "1: there is no column \"noun\" in [path, label]; prepare.heads names the columns");
  }

  @Test
  void readsSeveralClassesOfACell() throws IOException {
    LabelColumns columns = new LabelColumns(List.of("label"), Labelling.MULTI_LABEL);
    assertThat(read("a.mp4,jump| run\nb.mp4,\nc.mp4,run\n", columns))
        .extracting(video -> video.labels().get(0))
        .containsExactly(List.of("jump", "run"), List.of(), List.of("run"));
    assertThatThrownBy(() -> read("a.mp4,run|jump|run\n", columns))
        .hasMessageContaining("1: label: found \"run|jump|run\", expected each class once");
  }

  @Test
  void refusesAnEmptyFile() {
    assertThatThrownBy(() -> read("path,label\n"))
        .hasMessageContaining("no rows; expected path,label[,start,end]");
    assertThatThrownBy(() -> read("\n")).hasMessageContaining("list.csv: the file is empty");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    Files.write(
        folder.resolve("list.csv"), "a.mp4,a\né.mp4,a".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(
            () -> read(new Path(folder.resolve("list.csv").toUri()), LabelColumns.DEFAULT))
        .hasMessageContaining("list.csv: 2: found byte 0xE9, which is not UTF-8 text; convert it");
  }

  @Test
  void cutsALongListOfProblemsShort() {
    assertThatThrownBy(() -> read("a.mp4\n".repeat(80)))
        .hasMessageContaining("50: found 1 cells")
        .hasMessageEndingWith(
            "and 30 more problems like these\n80 problems in all: wrong numbers of cells 80")
        .satisfies(e -> assertThat(((SourceException) e).problems()).hasSize(80));
  }

  @Test
  void colonsInNamesAreNoSchemes() throws IOException {
    Files.writeString(folder.resolve("12:34:56.mp4"), "12345");
    Files.writeString(folder.resolve("file:name.mp4"), "12345");
    Files.writeString(folder.resolve("a/b:c.mp4"), "12345");
    assertThat(
            read(
                "12:34:56.mp4,x\nfile:name.mp4,x\na/b:c.mp4,x\n%s,x\n%s,x\n"
                    .formatted(here("b.mp4"), folder.resolve("c.mp4"))))
        .containsExactly(
            video("12:34:56.mp4", "12:34:56.mp4", "x", TimeSpan.WHOLE),
            video("file:name.mp4", "file:name.mp4", "x", TimeSpan.WHOLE),
            video("a/b:c.mp4", "a/b:c.mp4", "x", TimeSpan.WHOLE),
            video(here("b.mp4"), "b.mp4", "x", TimeSpan.WHOLE),
            video(folder.resolve("c.mp4").toString(), "c.mp4", "x", TimeSpan.WHOLE));
  }

  @Test
  void listsWithBlanksAreReadToo() throws IOException {
    assertThat(read("a/b.mp4 10\nc d.avi\t9\r\n\na.mp4  10\n"))
        .containsExactly(
            video("a/b.mp4", "a/b.mp4", "10", TimeSpan.WHOLE),
            video("c d.avi", "c d.avi", "9", TimeSpan.WHOLE),
            video("a.mp4", "a.mp4", "10", TimeSpan.WHOLE));
    assertThat(read("a.mp4 1 2\n", new LabelColumns(List.of("label"), Labelling.MULTI_LABEL)))
        .extracting(LabelledVideo::labels)
        .containsExactly(List.of(List.of("1", "2")));
    assertThat(read("a.mp4 air drumming\n").get(0).label()).isEqualTo("air drumming");
    assertThat(read("a.mp4 3 7\n", DataSetFolder.NOUN_VERB).get(0).label()).isEqualTo("3,7");
    assertThatThrownBy(() -> read("a.mp4 1\nb.mp4\n"))
        .hasMessageContaining("list.csv: 2: found 1 cells, expected path,label");
  }

  @Test
  void idsOfTheGivenClassesWillDo() throws IOException {
    DataSetFolder data = new DataSetFolder(folder).text("l.txt", "a.mp4 1\nb.mp4 0\n");
    LabelMap given = LabelMap.of(List.of("zero", "one"));
    assertThat(data.read("l.txt", given).videos())
        .extracting(LabelledVideo::label)
        .containsExactly("one", "zero");
    data.text("l.txt", "a.mp4 2\n");
    assertThatThrownBy(() -> data.read("l.txt", given))
        .hasMessageContaining("label: found \"2\", expected one of the 2 classes of the list");
  }

  @Test
  void aListWithoutClassesSaysWhatToDo() throws IOException {
    DataSetFolder data = new DataSetFolder(folder).text("l.txt", "a.mp4\nb.mp4\n");
    assertThatThrownBy(() -> data.read("l.txt"))
        .hasMessageContaining("l.txt: its lines name videos, such as a.mp4, and no classes,")
        .hasMessageContaining("with vivit predict");
    assertThatThrownBy(() -> read("path\na.mp4\n"))
        .hasMessageContaining("there is no column \"label\" in [path], and no classes, without");
  }

  @Test
  void missingFilesAreListedAndRepeatedRowsTakenOnce() throws IOException {
    Files.writeString(
        folder.resolve("list.csv"), "a.mp4,opening\nnone/x.mp4,closing\na.mp4,opening\n");
    SourceVideos source = read(new Path(folder.resolve("list.csv").toUri()), LabelColumns.DEFAULT);

    assertThat(source.videos()).extracting(LabelledVideo::id).containsExactly("a.mp4");
    assertThat(source.missing())
        .containsExactly(
            new MissingVideo(
                new LabelledVideo("none/x.mp4", here("none/x.mp4"), "closing", TimeSpan.WHOLE),
                BadKind.MISSING,
                "no such file: " + here("none/x.mp4")));
    assertThat(source.annotated()).hasSize(2);
    assertThatThrownBy(() -> read("x.mp4,opening\ny.mp4,opening\n"))
        .hasMessageContaining("none of 2 videos exists, such as x.mp4: no such file");
  }

  @Test
  void findsFilesInTheOtherUnicodeNormalForm() throws IOException {
    String composed = "caf\u00e9/na\u00efve.mp4";
    String decomposed = "cafe\u0301/nai\u0308ve.mp4";
    Files.createDirectory(folder.resolve("cafe\u0301"));
    Files.writeString(folder.resolve(decomposed), "");

    assertThat(read(composed + ",opening\n"))
        .extracting(LabelledVideo::id, LabelledVideo::path)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(composed, here(decomposed)));
    assertThatThrownBy(() -> read(composed + ",opening\n" + decomposed + ",closing\n"))
        .hasMessageContaining("is \"closing\" here, but \"opening\" in line 1");
  }

  @Test
  void looksForRelativePathsInTheFolderOfVideos() throws IOException {
    Files.writeString(folder.resolve("list.csv"), "b.mp4,opening\n");
    SourceSettings settings =
        new SourceSettings(
            SourceFormat.AUTO,
            folder.resolve("list.csv").toString(),
            folder.resolve("a").toString(),
            "",
            LabelColumns.DEFAULT,
            ChapterRule.JOIN,
            List.of());
    assertThat(VideoSource.read(new Configuration(), settings, Optional.empty()).videos())
        .containsExactly(video("b.mp4", "a/b.mp4", "opening", TimeSpan.WHOLE));
  }

  @Test
  void namesClassesLikeAnUnknownOne() throws IOException {
    Files.writeString(folder.resolve("list.csv"), "a.mp4,opennig\nb.mp4,sleeping\n");
    SourceSettings settings =
        new SourceSettings(
            SourceFormat.AUTO,
            folder.resolve("list.csv").toString(),
            "",
            "labels.txt",
            LabelColumns.DEFAULT,
            ChapterRule.JOIN,
            List.of());
    LabelHeads given = LabelHeads.of(LabelMap.of(List.of("closing", "opening", "waving")));
    assertThatThrownBy(() -> VideoSource.read(new Configuration(), settings, Optional.of(given)))
        .hasMessageContaining(
            "1: label: found \"opennig\", expected one of the 3 classes of labels.txt, such as"
                + " \"opening\"")
        .hasMessageContaining("2: label: found \"sleeping\", expected one of the 3 classes of");
  }
}
