package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;

/** A disk that has no room for a shard: a real process that may not write files of its size. */
@Timeout(300)
class FullDiskTest {
  /** Of 512 bytes: room for lists, results and the clips of a video, not for a shard. */
  private static final int BLOCKS = 1200;

  private static final String[] LARGE = {"prepare.short-side=96", "prepare.clips-per-shard=6"};

  @TempDir Path folder;

  @Test
  void saysWhatCannotBeWrittenAndGoesOnOnceThereIsRoom() throws Exception {
    Path input = TestVideoFolders.write(folder);
    Path output = folder.resolve("output");
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f " + BLOCKS + "; exec \"$0\" \"$@\""));
    List<String> keys = TestVideoFolders.keys(input, output, Purpose.TRAINING);
    keys.addAll(List.of(LARGE));
    command.addAll(PrepareProcess.command(keys));

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said.lines().filter(line -> line.startsWith("A shard cannot be made")))
        .hasSize(1)
        .first()
        .asString()
        .matches(
            "A shard cannot be made; finished ones are kept for the next run:"
                + " Cannot write \\S+/output/part-0000[01]\\.parquet: [^;]+;"
                + " make room there and try again");
    try (Stream<Path> files = Files.list(output)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("part-"));
    }

    Path undisturbed = folder.resolve("undisturbed");
    try (JavaSparkContext sc = LocalSpark.start(2)) {
      for (Path one : List.of(output, undisturbed)) {
        PrepareJob.run(sc, TestVideoFolders.config(input, one, Purpose.TRAINING, LARGE));
      }
    }
    Map<String, byte[]> expected = SetFiles.of(undisturbed);
    SetFiles.assertSame(output, expected);
  }
}
