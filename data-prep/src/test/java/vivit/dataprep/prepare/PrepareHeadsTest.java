package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.verify.VerifyReport;

/** CSV files with several columns of labels, and with several classes in a cell. */
class PrepareHeadsTest {
  @TempDir static Path videos;
  private static JavaSparkContext sc;
  private static Path input;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    sc = LocalSpark.start(2);
    input = TestVideoFolders.write(videos);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  private PrepareReport prepare(String csv, String output, String... keys) throws IOException {
    Path list = folder.resolve(output + ".csv");
    Files.writeString(list, csv.replace("IN", input.toString()));
    List<String> all = new ArrayList<>();
    all.add("prepare.input=" + list);
    all.add("prepare.output=" + folder.resolve(output));
    all.addAll(
        List.of("prepare.frames=6", "prepare.short-side=24", "prepare.frames-per-second=10"));
    all.addAll(List.of(keys));
    StrictConfig config = StrictConfig.load(all.toArray(String[]::new));
    PrepareConfig prepare = PrepareConfig.read(config);
    config.check();
    return PrepareJob.run(sc, prepare);
  }

  @Test
  void nounsAndVerbs() throws IOException {
    PrepareReport training =
        prepare(
            """
            path,noun,verb
            IN/close/a.mp4,cup,take
            IN/open/c.mp4,tap,open
            IN/wave/d.webm,cup,open
            """,
            "training",
            "prepare.heads=[noun, verb]");
    Manifest manifest = training.manifest();
    assertThat(manifest.labels()).containsExactly("cup", "tap", "open", "take");
    assertThat(manifest.clipsPerLabel()).containsExactly(2L, 1L, 2L, 1L);
    assertThat(training.summary()).contains("in 4 classes (2 of noun, 2 of verb), 1 shard,");
    assertThat(manifest.config()).containsEntry("heads", "noun,verb");
    assertThat(VerifyJob.run(sc, training.folder()).text())
        .containsPattern("noun +2 +0 +1 +1 +2\\s+verb +2 +0 +1 +1 +2\\s")
        .contains("All checksums");

    Manifest evaluation =
        prepare(
                "IN/close/a.mp4,tap,take\n",
                "evaluation",
                "prepare.heads=[noun, verb]",
                "prepare.purpose=evaluation",
                "prepare.labels=" + training.folder())
            .manifest();
    assertThat(evaluation.labelsHash()).isEqualTo(manifest.labelsHash());
    assertThat(evaluation.clipsPerLabel()).containsExactly(0L, 4L, 0L, 4L);

    assertThatThrownBy(
            () -> prepare("IN/close/a.mp4,tap\n", "other", "prepare.labels=" + training.folder()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("a shard set with the heads [noun, verb], single-label, but")
        .hasMessageContaining("prepare.heads is [label], single-label");
  }

  @Test
  void aFileOfNamesPerHead() throws IOException {
    Path lists = Files.createDirectory(folder.resolve("lists"));
    Files.writeString(lists.resolve("noun.txt"), "tap\ncup\npan\n");
    String[] keys = {"prepare.heads=[noun, verb]", "prepare.labels=" + lists};
    String csv = "IN/close/a.mp4,cup,take\n";
    assertThatThrownBy(() -> prepare(csv, "none", keys))
        .hasMessageContaining("verb.txt: no such file; expected the class names of this head");
    Files.writeString(lists.resolve("verb.txt"), "open\n");
    assertThatThrownBy(() -> prepare(csv, "none", keys))
        .hasMessageContaining(
            "none.csv: 1: verb: found \"take\", expected one of the 1 classes of " + lists);
    Files.writeString(lists.resolve("verb.txt"), "open\ntake\n");
    assertThat(prepare(csv, "some", keys).manifest().clipsPerLabel())
        .containsExactly(0L, 1L, 0L, 0L, 1L);
  }

  @Test
  void severalClassesOfAVideo() throws IOException {
    Manifest manifest =
        prepare(
                """
                path,label
                IN/close/a.mp4,wet|loud
                IN/open/c.mp4,
                IN/wave/d.webm,wet
                """,
                "several",
                "prepare.multi-label=true")
            .manifest();
    assertThat(manifest.labels()).containsExactly("loud", "wet");
    assertThat(manifest.clipsPerLabel()).containsExactly(1L, 2L);
    assertThat(VerifyJob.run(sc, new org.apache.hadoop.fs.Path(folder.resolve("several").toUri())))
        .matches(VerifyReport::isGood);
  }

  @Test
  void aFolderOfClassesHasOneHead() {
    assertThatThrownBy(
            () ->
                PrepareJob.run(
                    sc,
                    PrepareConfig.read(
                        StrictConfig.load(
                            "prepare.input=" + input,
                            "prepare.output=" + folder.resolve("none"),
                            "prepare.heads=[noun, verb]"))))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("prepare.heads lists [noun, verb]; give a CSV file");
  }
}
