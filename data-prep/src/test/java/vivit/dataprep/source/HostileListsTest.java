package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.fixture.HostileInput;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.source.Chapters.ChapterRule;

/** Annotation files and class lists of any content are read or refused, in bounded memory. */
class HostileListsTest {
  private static final Configuration CONF = new Configuration();
  private static final String KINETICS =
      """
      label,youtube_id,time_start,time_end,split,is_cc
      "riding, a bike",v0000000001,1,11,train,0
      singing,v0000000002,000002,12.0,train,0
      """;

  private enum Kind {
    CSV(
        SourceFormat.CSV,
        "list.csv",
        "path,label,start,end\na.mp4,x,1.5,00:00:03\n\"b.mp4\",y,,\n"),
    SPACED(SourceFormat.CSV, "list.csv", "a.mp4 x\nb.mp4 y\n"),
    KINETICS(SourceFormat.KINETICS, "train.csv", HostileListsTest.KINETICS),
    KINETICS_PATHS(
        SourceFormat.KINETICS,
        "train.txt",
        "singing/v0000000001_000001_000011\nx/v0000000002_000002_000012\n"),
    SOMETHING(
        SourceFormat.SOMETHING_SOMETHING,
        "train.json",
        "[{\"id\":\"a\",\"template\":\"Pushing [it]\",\"p\":[\"x\",{}]},\n{\"id\":\"b\",\"template\":\"y\"}]"),
    MOMENTS(SourceFormat.MOMENTS, "trainingSet.csv", "x/a.mp4,x,3,0\ny/b.mp4,y,2,1\n"),
    EPIC(
        SourceFormat.EPIC_KITCHENS,
        "EPIC_100_train.csv",
        "narration_id,video_id,start_timestamp,stop_timestamp,noun_class\nn0,a,00:00:01.0,00:00:02.5,1\n"),
    GUESSED(SourceFormat.AUTO, "list.csv", "a.mp4,x\nb.mp4,y\n");

    private final SourceFormat format;
    private final String name;
    private final String text;

    Kind(SourceFormat format, String name, String text) {
      this.format = format;
      this.name = name;
      this.text = text;
    }
  }

  @TempDir Path folder;

  @BeforeEach
  void videos() throws IOException {
    for (String name :
        new String[] {
          "a.mp4", "b.mp4", "a.webm", "b.webm", "v0000000001_000001_000011.mp4", "x/a.mp4"
        }) {
      Path file = folder.resolve("train").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "video");
    }
    Files.writeString(folder.resolve("EPIC_100_noun_classes.csv"), "id,key\n0,tap\n1,cup\n");
  }

  private void read(Kind kind, byte[] list) throws IOException {
    Path file = Files.write(folder.resolve(kind.name), list);
    LabelColumns columns =
        kind == Kind.EPIC
            ? new LabelColumns(List.of("noun"), LabelColumns.DEFAULT.labelling())
            : LabelColumns.DEFAULT;
    String videos = folder.resolve("train").toString();
    VideoSource.read(
        CONF,
        new SourceSettings(
            kind.format, file.toString(), videos, "", columns, ChapterRule.JOIN, List.of()),
        Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void hostileAnnotations(Kind kind) throws IOException {
    byte[] good = kind.text.getBytes(StandardCharsets.UTF_8);
    read(kind, good);
    HostileInput.run(
        "annotations, " + kind,
        50,
        SourceException.class,
        random -> read(kind, HostileInput.bytes(good, random)));
  }

  @Test
  void hostileClassLists() {
    String[] names = {"labels.json", "classes.csv", "moments_categories.txt", "classes.txt"};
    String[] texts = {
      "{\"Pushing it\":\"0\",\"b\":1,\"c\":\"2\"}", "id,key\n0,tap\n1,cup\n", "a,0\nb,1\n", "a\nb\n"
    };
    HostileInput.run(
        "class lists",
        150,
        SourceException.class,
        random -> {
          int kind = random.nextInt(names.length);
          byte[] bad = HostileInput.bytes(texts[kind].getBytes(StandardCharsets.UTF_8), random);
          Path file = Files.write(folder.resolve(names[kind]), bad);
          ClassList.read(FileSystem.getLocal(CONF), new org.apache.hadoop.fs.Path(file.toUri()));
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void filesOfQuotedBlanksAreRefused(Kind kind) {
    assertRefused(kind, "\"\"\n\" \"\n", "");
  }

  private void assertRefused(Kind kind, String text, String why) {
    assertThatThrownBy(() -> read(kind, text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(kind.name)
        .hasMessageContaining(why);
  }

  @Test
  void linesCellsAndQuotesAreBounded() {
    assertRefused(
        Kind.CSV,
        "a.mp4,x\n" + "y".repeat(70_000),
        ": 2: found a line of more than 65536 characters, expected a video or a class");
    assertRefused(Kind.CSV, "a.mp4,x" + ",".repeat(2000), ": 1: a row of more than 1000 cells");
    assertRefused(
        Kind.CSV,
        "a.mp4,x\n\"" + "y\n".repeat(50_000),
        ": 2: a quote is opened and not closed within 65536 characters");
    assertRefused(Kind.SOMETHING, "[{\"id\":" + "[".repeat(1 << 20), "nesting depth (1000)");
  }

  @Test
  void rowsAreBoundedByTheHeap() {
    int most = (int) (Runtime.getRuntime().maxMemory() / 1024);
    assertRefused(
        Kind.CSV, "\n".repeat(most + 10_000), " lines, expected at most " + most + " in a heap");
  }

  @Test
  void problemsAreCountedAndTheFirstKept() {
    Random random = new Random(1);
    StringBuilder rows = new StringBuilder("path,label\n");
    for (int i = 0; i < 12_000; i++) {
      rows.append(random.nextInt()).append('\n');
    }
    assertThatThrownBy(() -> read(Kind.CSV, rows.toString().getBytes(StandardCharsets.UTF_8)))
        .hasMessageEndingWith("12000 problems in all: wrong numbers of cells 12000")
        .matches(e -> ((SourceException) e).problems().size() == 10_000);
  }
}
