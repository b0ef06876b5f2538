package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.storage.FolderInUseException;
import vivit.dataprep.storage.FolderLock;

class TrainingDriverTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLIPS = 17;

  @TempDir static Path shared;
  @TempDir Path folder;

  /** A run on two workers that nothing disturbed. */
  private static TinyRun undisturbed;

  @BeforeAll
  static void train() throws IOException {
    TinyShards.write(shared.resolve("shards"), CLIPS);
    undisturbed = new TinyRun(shared.resolve("shards"), shared.resolve("undisturbed"), 2);
    undisturbed.train();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7})
  void resumingIsAsIfNothingHadHappened(long killedAt) throws IOException {
    TinyRun disturbed = run("disturbed", 2);

    disturbed.train(killedAt);
    disturbed.train();

    assertThat(disturbed.model().parameters()).isEqualTo(undisturbed.model().parameters());
    assertThat(bytes(folder.resolve("disturbed"), "momentum.safetensors"))
        .isEqualTo(bytes(shared.resolve("undisturbed"), "momentum.safetensors"));
    assertThat(lines(folder.resolve("disturbed/metrics.jsonl")))
        .isEqualTo(lines(shared.resolve("undisturbed/metrics.jsonl")))
        .hasSize(6);
  }

  @Test
  void aDamagedLastCheckpointCostsOnlyTime() throws IOException {
    TinyRun disturbed = run("disturbed", 2);
    disturbed.train(7);
    Path newest = newest(folder.resolve("disturbed")).resolve("parameters.safetensors");
    Files.write(newest, new byte[7]);

    disturbed.train();

    assertThat(disturbed.model().parameters()).isEqualTo(undisturbed.model().parameters());
  }

  @ParameterizedTest
  @CsvSource({"1, 6, 2", "2, 6, 1", "3, 4, 3"})
  void everyClipIsUsedExactlyOncePerEpoch(int workers, int batchSize, int frequency)
      throws IOException {
    run(
            "run",
            workers,
            "train.ledger=true",
            "train.epochs=2",
            "train.batch-size=" + batchSize,
            "train.averaging-frequency=" + frequency)
        .train();

    Map<Integer, List<String>> used = new TreeMap<>();
    for (JsonNode line : lines(folder.resolve("run/ledger.jsonl"))) {
      line.get("clips")
          .forEach(
              clip ->
                  used.computeIfAbsent(line.get("epoch").asInt(), e -> new ArrayList<>())
                      .add(clip.asText()));
    }
    assertThat(used).hasSize(2);
    assertThat(used.values())
        .allSatisfy(clips -> assertThat(clips).hasSize(CLIPS).doesNotHaveDuplicates());
  }

  @Test
  void theLedgerSaysWhichClipsChangedTheirClass() throws IOException {
    run("run", 2, "train.ledger=true", "train.epochs=1", "train.flip=1").train();

    List<String> swapped = new ArrayList<>();
    for (JsonNode line : lines(folder.resolve("run/ledger.jsonl"))) {
      line.path("swapped").forEach(clip -> swapped.add(clip.asText()));
    }
    assertThat(swapped)
        .containsExactlyInAnyOrder(
            IntStream.range(0, CLIPS)
                .filter(clip -> clip % 3 != 2) // the others are of class "up"
                .mapToObj(clip -> "clip-" + clip)
                .toArray(String[]::new));
  }

  @Test
  void workersAveragingEveryStepEqualOneWithTheWholeBatch() throws IOException {
    String[] plain = {"train.averaging-frequency=1", "train.max-gradient-norm=0", "train.epochs=2"};
    TinyRun one = run("one", 1, plain);
    TinyRun three = run("three", 3, plain);
    one.train();
    three.train();

    assertThat(distance(one.model().parameters(), three.model().parameters())).isLessThan(1e-5);
    assertThat(distance(one.model().parameters(), run("start", 1).startingPoint()))
        .isGreaterThan(1e-2);
  }

  @Test
  void anotherConfigurationIsRefused() throws IOException {
    run("run", 2).train(2);
    run("run", 2).train(4);

    assertThatThrownBy(() -> run("run", 2, "train.momentum=0.8", "train.log-every=3").train())
        .hasMessageContaining("train.momentum: 0.9 in the run, now 0.8")
        .hasMessageContaining("choose another train.run")
        .message()
        .doesNotContain("log-every");
  }

  @Test
  void aFolderInUseIsRefused() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    try (FolderLock held =
        FolderLock.acquire(
            FileSystem.getLocal(LocalSpark.context().hadoopConfiguration()),
            TinyRun.path(run),
            "train")) {
      held.ensureHeld();
      assertThatThrownBy(() -> run("run", 2).train())
          .isInstanceOf(FolderInUseException.class)
          .hasMessageContaining("is in use by train");
    }
  }

  @Test
  void whatIsNotFiniteStopsTheRunAndNamesTheClips() throws IOException {
    TinyRun hot =
        run(
            "run",
            2,
            "train.learning-rate.base=1000000",
            "train.learning-rate.warmup=0 steps",
            "train.max-gradient-norm=0",
            "train.epochs=20",
            "train.momentum=0.999",
            "train.on-non-finite=retry");

    assertThatThrownBy(hot::train)
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("nothing of this round was kept")
        .hasMessageContaining("clip-");
    assertThat(folder.resolve("run/_lock")).doesNotExist();
  }

  @Test
  void aFinishedRunHasNothingToDo() throws IOException {
    TinyRun run = run("run", 2, "train.epochs=1");
    run.train();
    byte[] before = bytes(folder.resolve("run"), "state.json");

    assertThat(run.train().step()).isEqualTo(3);
    assertThat(bytes(folder.resolve("run"), "state.json")).isEqualTo(before);
  }

  private TinyRun run(String name, int workers, String... keys) {
    return new TinyRun(shared.resolve("shards"), folder.resolve(name), workers, keys);
  }

  private static Path newest(Path run) throws IOException {
    try (var checkpoints = Files.list(run.resolve("checkpoints"))) {
      return checkpoints.sorted().reduce((first, second) -> second).orElseThrow();
    }
  }

  private static byte[] bytes(Path run, String file) throws IOException {
    return Files.readAllBytes(newest(run).resolve(file));
  }

  /** Without the fields that tell the time. */
  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      lines.add(node.without(List.of("seconds", "clips_per_second")));
    }
    return lines;
  }

  private static double distance(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
