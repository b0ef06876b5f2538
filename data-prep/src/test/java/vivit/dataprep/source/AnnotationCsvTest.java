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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationCsvTest {
  @TempDir java.nio.file.Path folder;

  private static List<LabelledVideo> read(Path file, LabelColumns columns) throws IOException {
    return VideoSource.read(
            new Configuration(), SourceSettings.of(file.toString(), columns), Optional.empty())
        .videos();
  }

  private List<LabelledVideo> read(String text) throws IOException {
    Files.writeString(folder.resolve("list.csv"), text);
    return read(new Path(folder.resolve("list.csv").toUri()), LabelColumns.DEFAULT);
  }

  private List<LabelledVideo> read(String text, LabelColumns columns) throws IOException {
    Files.writeString(folder.resolve("list.csv"), text);
    Path file = new Path(folder.resolve("list.csv").toUri());
    return read(file, columns);
  }

  private String here(String name) {
    return "file:" + folder.resolve(name);
  }

  @Test
  void readsRowsWithoutAHeader() throws IOException {
    assertThat(
            read(
                "a/b.mp4,opening\n"
                    + "hdfs://host/c d.avi,closing,1.5,00:01:02.25\n"
                    + "/e.webm,opening,3,\n"))
        .containsExactly(
            new LabelledVideo("a/b.mp4", here("a/b.mp4"), "opening", TimeSpan.WHOLE),
            new LabelledVideo(
                "hdfs://host/c d.avi#t=1.5,00:01:02.25",
                "hdfs://host/c d.avi",
                "closing",
                new TimeSpan(1.5, 62.25)),
            new LabelledVideo(
                "/e.webm#t=3,",
                "file:/e.webm",
                "opening",
                new TimeSpan(3, Double.POSITIVE_INFINITY)));
  }

  @Test
  void readsColumnsInTheOrderOfAHeader() throws IOException {
    assertThat(read("Label,Path\nopening,a.mp4\n"))
        .containsExactly(new LabelledVideo("a.mp4", here("a.mp4"), "opening", TimeSpan.WHOLE));
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
                        ": 9: a quote is opened and never closed",
                        ": 2: found 1 cells, expected path,label,start,end",
                        ": 3: the path is empty",
                        ": 4: the label is empty",
                        ": 5: the part from 5.0 s to 2.0 s, expected 0 <= start < end",
                        ": 6: found time \"soon\", expected seconds or hh:mm:ss.s",
                        ": 8: \"e.mp4\" is listed already in line 7",
                        ": 9: found 1 cells, expected path,label,start,end"));
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
            here("a.mp4"),
            List.of(List.of("plate"), List.of("take")),
            new TimeSpan(0, 1.5));
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
        .hasMessageContaining("1: a class is named twice in \"run|jump|run\"");
  }

  @Test
  void refusesAnEmptyFile() {
    assertThatThrownBy(() -> read("\n"))
        .hasMessageContaining("no rows; expected path,label[,start,end]");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    Files.write(folder.resolve("list.csv"), "é.mp4,a".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(
            () -> read(new Path(folder.resolve("list.csv").toUri()), LabelColumns.DEFAULT))
        .hasMessageContaining("not UTF-8 text; convert it");
  }

  @Test
  void cutsALongListOfProblemsShort() {
    assertThatThrownBy(() -> read("a.mp4\n".repeat(80)))
        .hasMessageContaining("50: found 1 cells")
        .hasMessageEndingWith("and 30 more problems like these");
  }
}
