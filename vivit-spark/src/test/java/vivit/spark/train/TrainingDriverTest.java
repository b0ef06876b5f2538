package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.dataprep.storage.FolderInUseException;
import vivit.dataprep.storage.FolderLock;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.ParameterFile;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

class TrainingDriverTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLIPS = 17;

  @TempDir static Path shared;
  @TempDir Path folder;

  /** A run on two workers that nothing disturbed. */
  private static TinyRun undisturbed;

  @BeforeAll
  static void train() throws IOException {
    TinyTrainingSet.write(shared.resolve("shards"), CLIPS);
    undisturbed = new TinyRun(shared.resolve("shards"), shared.resolve("undisturbed"), 2);
    undisturbed.train();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7})
  void resumingIsAsIfNothingHadHappened(long killedAt) throws IOException {
    TinyRun disturbed = run("disturbed", 2);

    disturbed.train(killedAt);
    disturbed.train();

    assertThat(disturbed.parameters()).isEqualTo(undisturbed.parameters());
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

    assertThat(disturbed.parameters()).isEqualTo(undisturbed.parameters());
  }

  @ParameterizedTest
  @CsvSource({"1, 6, 2", "2, 6, 1", "3, 8, 3"})
  void everyClipIsUsedExactlyOncePerEpoch(int workers, int batchSize, int frequency)
      throws IOException {
    run(
            "run",
            workers,
            "train.ledger=true",
            "train.epochs=2",
            "train.batch-size=" + batchSize,
            "train.averaging.every=" + frequency)
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

  /** Repeats and CutMix, and drop path of every row: the same on one worker, three, and resumed. */
  @Test
  void repeatsAndCutMixDoNotDependOnTheWorkers() throws IOException {
    String[] keys = {
      "train.averaging.every=1",
      "train.max-gradient-norm=0",
      "train.epochs=2",
      "train.batch-size=12",
      "train.repeats=2",
      "train.mixup=0.8",
      "train.cutmix=1"
    };
    TinyRun one = run("one", 1, keys);
    TinyRun three = run("three", 3, keys);
    TinyRun disturbed = run("disturbed", 3, keys);
    one.train();
    three.train();
    disturbed.train(4);
    disturbed.train();

    assertThat(distance(one.parameters(), three.parameters())).isLessThan(1e-5);
    assertThat(distance(one.parameters(), run("start", 1).startingPoint())).isGreaterThan(1e-2);
    assertThat(disturbed.parameters()).isEqualTo(three.parameters());
  }

  @Test
  void everyRepeatOfAClipIsInTheSameStep() throws IOException {
    run("run", 2, "train.ledger=true", "train.epochs=1", "train.batch-size=12", "train.repeats=3")
        .train();

    List<String> used = new ArrayList<>();
    for (JsonNode line : lines(folder.resolve("run/ledger.jsonl"))) {
      List<String> rows = new ArrayList<>();
      line.get("clips").forEach(clip -> rows.add(clip.asText()));
      for (int row = 0; row < rows.size(); row += 3) {
        assertThat(rows.subList(row, row + 3)).containsOnly(rows.get(row));
        used.add(rows.get(row));
      }
    }
    assertThat(used).hasSize(CLIPS).doesNotHaveDuplicates();
    List<JsonNode> rounds = lines(folder.resolve("run/metrics.jsonl"));
    assertThat(rounds.stream().mapToInt(round -> round.get("clips").asInt()).sum())
        .isEqualTo(3 * CLIPS);
    assertThat(rounds.get(rounds.size() - 1).get("step").asInt()).isEqualTo((CLIPS + 3) / 4);
  }

  /** Clips 0 to 16 of classes 0, 1 and 2 in turn: 6, 6 and 5 of them. */
  @Test
  void aBalancedRunHasEveryClassEquallyOftenAndResumes() throws IOException {
    String[] keys = {"train.ledger=true", "train.epochs=4", "train.sampling=balanced"};
    TinyRun whole = run("whole", 2, keys);
    TinyRun disturbed = run("disturbed", 2, keys);
    whole.train();
    disturbed.train(7);
    disturbed.train();

    assertThat(disturbed.parameters()).isEqualTo(whole.parameters());
    int[][] perClass = new int[4][3];
    for (JsonNode line : lines(folder.resolve("whole/ledger.jsonl"))) {
      for (JsonNode clip : line.get("clips")) {
        int number = Integer.parseInt(clip.asText().substring("clip-".length()));
        perClass[line.get("epoch").asInt()][number % 3]++;
      }
    }
    for (int[] counts : perClass) {
      assertThat(counts).satisfies(all -> assertThat(IntStream.of(all).sum()).isEqualTo(CLIPS));
      assertThat(counts).containsOnly(5, 6);
    }
  }

  @Test
  void theLossIsWeighedByClass() throws IOException {
    String[] plain = {"train.label-smoothing=0", "train.mixup=0", "train.epochs=1"};
    TinyRun none = run("none", 2, plain);
    TinyRun twice =
        run(
            "twice",
            2,
            plain[0],
            plain[1],
            plain[2],
            "train.class-weight-factors={left = 2, right = 2, up = 2}");
    none.train();
    twice.train();

    List<Double> losses = losses("none");
    List<Double> doubled = losses("twice");
    assertThat(doubled.get(0)).isEqualTo(2 * losses.get(0), within(1e-9));
  }

  private List<Double> losses(String name) throws IOException {
    return lines(folder.resolve(name).resolve("metrics.jsonl")).stream()
        .map(line -> line.get("loss").asDouble())
        .toList();
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
    String[] plain = {"train.averaging.every=1", "train.max-gradient-norm=0", "train.epochs=2"};
    TinyRun one = run("one", 1, plain);
    TinyRun three = run("three", 3, plain);
    one.train();
    three.train();

    assertThat(distance(one.parameters(), three.parameters())).isLessThan(1e-5);
    assertThat(distance(one.parameters(), run("start", 1).startingPoint())).isGreaterThan(1e-2);
  }

  /** Everything that changes over time or depends on chance, at once. */
  private static final String[] EVERYTHING = {
    "train.dropout=linear 0.0 to 0.2 from 0 epochs until 3 epochs",
    "train.attention-dropout=0.1",
    "train.drop-path=cosine 0.0 to 0.4 from 0 epochs until 2 epochs",
    "train.drop-path-rule=paper",
    "train.weight-decay=0.1",
    "train.ema-decay=linear 0.0 to 0.9 from 0 epochs until 1 epoch",
    "train.learning-rate.layer-decay=0.8",
    "train.learning-rate.multipliers={\"output_projection/**\": 3}",
    "train.freeze=[\"SpatialTransformer/encoderblock_0/**\"]",
    "train.rand-augment.layers=2",
    "train.rand-augment.magnitude=linear 5 to 15 from 0 epochs until 3 epochs",
    "train.random-erasing=0.25",
    "train.micro-batch=2",
    "train.recompute=blocks"
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 4, 7})
  void everyScheduleGoesOnWhereItWas(long killedAt) throws IOException {
    TinyRun whole = run("whole", 2, EVERYTHING);
    TinyRun disturbed = run("disturbed", 2, EVERYTHING);
    whole.train();
    disturbed.train(killedAt);
    disturbed.train();

    for (String file : List.of("parameters", "momentum", "average")) {
      assertThat(bytes(folder.resolve("disturbed"), file + ".safetensors"))
          .as(file)
          .isEqualTo(bytes(folder.resolve("whole"), file + ".safetensors"));
    }
    assertThat(lines(folder.resolve("disturbed/metrics.jsonl")))
        .isEqualTo(lines(folder.resolve("whole/metrics.jsonl")));
  }

  /** Optimisers, and every way to average, with the files that a checkpoint then has. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "train.optimiser=adamw train.averaging.every=1; first-moment second-moment",
        "train.optimiser=lion train.averaging.every=1; momentum",
        "train.optimiser=adamw train.averaging.every=2; first-moment second-moment",
        "train.averaging.every=2 train.optimiser=adamw train.averaging.state=reset; ",
        "train.averaging.every=2 train.optimiser=adamw train.averaging.state=keep;"
            + " first-moment.0 first-moment.1 second-moment.0 second-moment.1",
        "train.averaging.every=2 train.averaging.outer=slowmo train.averaging.momentum=0.5; momentum outer-momentum",
        "train.averaging.outer=nesterov train.averaging.every=4; momentum outer-momentum",
        "train.averaging.every=2 train.averaging.wire=bfloat16 train.averaging.state=reset; ",
        "train.averaging.every=2 train.averaging.wire=int8; momentum residual.0 residual.1",
        "train.averaging.every=2 train.optimiser=adamw train.averaging.wire=int8"
            + " train.averaging.state=keep"
            + " train.averaging.outer=nesterov train.averaging.quadratic=0.08;"
            + " outer-momentum residual.0 residual.1 first-moment.0 first-moment.1"
            + " second-moment.0 second-moment.1",
        "train.averaging.quadratic=0.05 train.averaging.every=1; momentum"
      })
  void everyWayToAverageGoesOnWhereItWas(String keys, String states) throws IOException {
    String[] ways = keys.split(" ", -1);
    run("whole", 2, everything(ways)).train();
    for (long killedAt : new long[] {2, 5}) {
      String name = "disturbed" + killedAt;
      TinyRun disturbed = run(name, 2, everything(ways));
      disturbed.train(killedAt);
      disturbed.train();

      Set<String> files = new TreeSet<>(List.of("parameters", "average", "state.json"));
      if (states != null) {
        files.addAll(List.of(states.split(" ", -1)));
      }
      try (Stream<Path> found = Files.list(newest(folder.resolve(name)))) {
        assertThat(found.map(file -> file.getFileName().toString().replace(".safetensors", "")))
            .containsExactlyInAnyOrderElementsOf(files);
      }
      files.remove("state.json");
      for (String file : files) {
        assertThat(bytes(folder.resolve(name), file + ".safetensors"))
            .as(file)
            .isEqualTo(bytes(folder.resolve("whole"), file + ".safetensors"));
      }
      assertThat(lines(folder.resolve(name + "/metrics.jsonl")))
          .isEqualTo(lines(folder.resolve("whole/metrics.jsonl")));
    }
  }

  /** Rules without momentum are the average, and the wire loses little, but something. */
  @ParameterizedTest
  @CsvSource({
    "outer=slowmo momentum=0, 0, 1e-5",
    "outer=nesterov momentum=0 rate=1, 0, 1e-5",
    "wire=bfloat16, 1e-9, 1e-2",
    "wire=int8, 1e-9, 1e-2"
  })
  void everyRuleIsNearTheAverage(String keys, double from, double to) throws IOException {
    List<String> ways = new ArrayList<>(List.of("train.averaging.every=3"));
    TinyRun average = run("average", 3, ways.toArray(String[]::new));
    for (String key : keys.split(" ", -1)) {
      ways.add("train.averaging." + key);
    }
    TinyRun other = run("other", 3, ways.toArray(String[]::new));
    average.train();
    other.train();

    double moved = distance(average.parameters(), run("start", 1).startingPoint());
    assertThat(distance(average.parameters(), other.parameters()) / moved).isBetween(from, to);
  }

  @Test
  void workersWithAdamWAveragingEveryStepEqualOneWorker() throws IOException {
    String[] keys = {
      "train.averaging.every=1",
      "train.max-gradient-norm=0",
      "train.epochs=2",
      "train.optimiser=adamw",
      "train.learning-rate.base=1e-3"
    };
    TinyRun one = run("one", 1, keys);
    TinyRun three = run("three", 3, keys);
    one.train();
    three.train();

    double moved = distance(one.parameters(), run("start", 1).startingPoint());
    assertThat(distance(one.parameters(), three.parameters())).isLessThan(moved / 100);
  }

  @Test
  void chanceAndMicroBatchesDoNotDependOnTheWorkers() throws IOException {
    TinyRun one = run("one", 1, everything("train.micro-batch=0", "train.recompute=nothing"));
    TinyRun three = run("three", 3, everything());
    one.train();
    three.train();

    assertThat(distance(one.parameters(), three.parameters())).isLessThan(1e-5);
  }

  private static String[] everything(String... changes) {
    List<String> keys = new ArrayList<>(List.of(EVERYTHING));
    keys.addAll(List.of("train.averaging.every=1", "train.max-gradient-norm=0"));
    keys.addAll(List.of(changes));
    return keys.toArray(String[]::new);
  }

  @Test
  void frozenParametersStayAndTheAverageIsTheRecurrence() throws IOException {
    String[] keys = {
      "train.ema-decay=0.7",
      "train.freeze=[\"SpatialTransformer/**\"]",
      "train.averaging.every=1",
      "train.checkpoint.every=1 steps",
      "train.checkpoint.keep=100",
      "train.epochs=2"
    };
    TinyRun run = run("run", 2, keys);
    float[] start = run.startingPoint();
    run.train();
    ViViTConfig model = run.model();
    Parameter frozen =
        ParameterIndex.of(model).parameter("SpatialTransformer/encoderblock_1/LayerNorm_0/scale");

    double[] average = new double[start.length];
    for (int i = 0; i < average.length; i++) {
      average[i] = start[i];
    }
    try (var checkpoints = Files.list(folder.resolve("run/checkpoints"))) {
      for (Path checkpoint : checkpoints.sorted().toList()) {
        float[] weights = read(checkpoint.resolve("parameters.safetensors"), model);
        for (int i = 0; i < average.length; i++) {
          average[i] = 0.7 * average[i] + 0.3 * weights[i];
        }
        float[] kept = read(checkpoint.resolve("average.safetensors"), model);
        for (int i = 0; i < average.length; i++) {
          assertThat(kept[i]).isCloseTo((float) average[i], within(1e-5f));
        }
        assertThat(weights[(int) frozen.offset()]).isEqualTo(start[(int) frozen.offset()]);
      }
    }
    assertThat(run.parameters()).isNotEqualTo(start);
  }

  private static float[] read(Path file, ViViTConfig model) throws IOException {
    return ParameterFile.read(
        ParameterIndex.of(model), Files.newInputStream(file), file.toString());
  }

  @Test
  void anotherConfigurationIsRefused() throws IOException {
    run("run", 2).train(2);
    run("run", 2).train(4);

    assertThatThrownBy(() -> run("run", 2, "train.momentum=0.8", "train.log-every=3").train())
        .hasMessageContaining("train.momentum: not set in the run, now 0.8")
        .hasMessageContaining("choose another train.run")
        .message()
        .doesNotContain("log-every");
  }

  @Test
  void aFolderInUseIsRefused() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    try (FolderLock held =
        FolderLock.acquire(
            FileSystem.getLocal(TrainingSpark.context().hadoopConfiguration()),
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
            "train.learning-rate.warmup=30 steps", // the first step is harmless
            "train.averaging.every=1",
            "train.max-gradient-norm=0",
            "train.epochs=20",
            "train.momentum=0.999",
            "train.checkpoint.every=1 steps",
            "train.on-non-finite=retry");

    assertThatThrownBy(hot::train)
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("nothing of this round was kept")
        .hasMessageContaining("clip-");
    assertThat(folder.resolve("run/_lock")).doesNotExist();
    // The checkpoint that was being written is completed: training goes on after the last round.
    List<JsonNode> rounds = lines(folder.resolve("run/metrics.jsonl"));
    assertThat(newest(folder.resolve("run")).getFileName())
        .hasToString("step-%08d".formatted(rounds.get(rounds.size() - 1).get("step").asLong()));
    try (Stream<Path> files = Files.list(folder.resolve("run/checkpoints"))) {
      assertThat(files).allMatch(file -> file.getFileName().toString().startsWith("step-"));
    }
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
      node.properties().removeIf(f -> f.getKey().matches("seconds.*|waiting|clips_per_second"));
      lines.add(node);
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
