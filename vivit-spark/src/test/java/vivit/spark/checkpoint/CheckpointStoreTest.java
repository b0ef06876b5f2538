package vivit.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vivit.spark.checkpoint.TestCheckpoints.MODEL;
import static vivit.spark.checkpoint.TestCheckpoints.state;
import static vivit.spark.checkpoint.TestCheckpoints.values;
import static vivit.spark.checkpoint.TestCheckpoints.vector;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.storage.Sha256;
import vivit.spark.checkpoint.CheckpointState.BestValidation;

class CheckpointStoreTest {
  @TempDir Path run;
  private CheckpointStore store;

  @BeforeEach
  void open() throws IOException {
    store = new CheckpointStore(FileSystem.getLocal(new Configuration()), path(run));
  }

  @Test
  void readsWhatItWrote() throws IOException {
    SlicedVector parameters = vector(1);
    SlicedVector momentum = vector(2);

    VectorFiles.write(store, state(7, 0.5), vectors(parameters, momentum));

    Checkpoint read = store.latest().orElseThrow();
    assertThat(read.state().step()).isEqualTo(7);
    assertThat(read.state().labels()).containsExactly("a", "b", "c");
    assertThat(read.state().model().config()).isEqualTo(MODEL);
    assertThat(values(read.parameters(33))).isEqualTo(values(parameters));
    SlicedVector readMomentum = new SlicedVector(momentum.length(), 1000);
    read.read(Checkpoint.MOMENTUM, readMomentum::write);
    assertThat(values(readMomentum)).isEqualTo(values(momentum));
  }

  @Test
  void anEmptyRunHasNone() throws IOException {
    assertThat(store.latest()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.safetensors", "momentum.safetensors", "state.json"})
  void fallsBackWhenTheNewestIsDamaged(String file) throws IOException {
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1), vector(1)));
    VectorFiles.write(store, state(2, 0.5), vectors(vector(2), vector(2)));
    Path damaged = run.resolve("checkpoints/step-00000002").resolve(file);
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    assertThat(store.latest().orElseThrow().state().step()).isEqualTo(1);
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1), vector(1)));
    Path file = run.resolve("checkpoints/step-00000001/state.json");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length - 2; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(store::latest).hasMessageContaining("None of the 1 checkpoints");
    }
    Path vector = run.resolve("checkpoints/step-00000001/momentum.safetensors");
    Files.write(file, whole);
    Files.write(vector, new byte[5]);
    assertThatThrownBy(() -> store.latest().orElseThrow())
        .hasMessageContaining("None of the 1 checkpoints");
  }

  @Test
  void aDamagedOneOfTheSameStepIsReplaced() throws IOException {
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1), vector(1)));
    Files.write(run.resolve("checkpoints/step-00000001/state.json"), new byte[3]);

    VectorFiles.write(store, state(1, 0.5), vectors(vector(3), vector(3)));

    assertThat(values(store.latest().orElseThrow().parameters(50))).isEqualTo(values(vector(3)));
  }

  @Test
  void aNewerFormatIsNotTakenForDamage() throws IOException {
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1), vector(1)));
    Path file = run.resolve("checkpoints/step-00000001/state.json");
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    ObjectNode body = (ObjectNode) json.get("state");
    body.put("format_version", 9);
    json.put("sha256", Sha256.of(body.toString().getBytes(StandardCharsets.UTF_8)));
    Files.writeString(file, json.toString());

    assertThatThrownBy(store::latest)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format version 9, this program reads up to 1");
  }

  @Test
  void keepsTheLastAndTheBest() throws IOException {
    double[] losses = {0.9, 0.2, 0.8, 0.7, 0.6};
    for (int step = 1; step <= losses.length; step++) {
      VectorFiles.write(store, state(step, losses[step - 1]), vectors(vector(step), vector(step)));
    }

    store.prune(store.latest().orElseThrow(), 2, 1);

    assertThat(names()).containsExactly("step-00000002", "step-00000004", "step-00000005");
  }

  @Test
  void theBestOfAValidatedRunIsThatOfItsValidation() throws IOException {
    for (int step = 1; step <= 5; step++) {
      BestValidation best = new BestValidation("top1", "shards", 0, 1, 0.5, Math.min(step, 3), 0);
      VectorFiles.write(
          store,
          TestCheckpoints.state(step, step == 2 ? 0.1 : 1, best),
          vectors(vector(step), vector(step)));
    }

    CheckpointState newest = store.latest().orElseThrow().state();
    store.prune(store.latest().orElseThrow(), 1, 1);

    assertThat(names()).containsExactly("step-00000003", "step-00000005");
    assertThat(newest.validation())
        .isEqualTo(new BestValidation("top1", "shards", 0, 1, 0.5, 3, 0));
  }

  /** A damaged newer one neither takes the place of a whole one nor goes before it is replaced. */
  @Test
  void aDamagedOneIsNotAmongThoseToKeep() throws IOException {
    TestCheckpoints.write(store, 1);
    TestCheckpoints.write(store, 6);
    Files.write(run.resolve("checkpoints/step-00000006/state.json"), new byte[3]);
    assertThat(store.latest().orElseThrow().state().step()).isEqualTo(1);

    store.prune(TestCheckpoints.write(store, 4), 1, 0);
    assertThat(names()).containsExactly("step-00000004", "step-00000006");
    store.prune(TestCheckpoints.write(store, 7), 2, 0);

    assertThat(names()).containsExactly("step-00000004", "step-00000007");
    assertThat(store.latest().orElseThrow().state().step()).isEqualTo(7);
  }

  @Test
  void nanNeverReachesACheckpoint() {
    SlicedVector parameters = vector(1);
    parameters.write(17, new float[] {Float.NaN});

    assertThatThrownBy(
            () -> VectorFiles.write(store, state(1, 0.5), vectors(parameters, vector(2))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("parameters.safetensors: value 17 is NaN, expected a finite number");
    assertThat(run.resolve("checkpoints/step-00000001")).doesNotExist();
  }

  @Test
  void unfinishedOnesAreIgnoredAndCleaned() throws IOException {
    Path leftover = run.resolve("checkpoints/.step-00000009.0a.tmp");
    Files.createDirectories(leftover);
    Files.write(leftover.resolve("parameters.safetensors"), new byte[9]);

    assertThat(store.latest()).isEmpty();
    store.clean();

    assertThat(leftover).doesNotExist();
  }

  @Test
  void aModelIsReadFromRunAndFromCheckpoint() throws IOException {
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1), vector(1)));
    VectorFiles.write(store, state(2, 0.5), vectors(vector(2), vector(2)));
    Configuration conf = new Configuration();

    Checkpoint newest = CheckpointStore.open(conf, path(run));
    Checkpoint first = CheckpointStore.open(conf, path(run.resolve("checkpoints/step-00000001")));

    assertThat(values(newest.evaluated(100))).isEqualTo(values(vector(2)));
    assertThat(values(first.evaluated(100))).isEqualTo(values(vector(1)));
    assertThat(newest.state().labels()).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> CheckpointStore.open(conf, path(run.resolve("nothing"))))
        .hasMessageContaining("No checkpoint in");
  }

  private List<String> names() throws IOException {
    return store.folders().stream().map(org.apache.hadoop.fs.Path::getName).toList();
  }

  private static org.apache.hadoop.fs.Path path(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static Map<String, SlicedVector> vectors(SlicedVector parameters, SlicedVector momentum) {
    return Map.of(Checkpoint.PARAMETERS, parameters, Checkpoint.MOMENTUM, momentum);
  }

  @Test
  void theMovingAverageIsKeptAndIsWhatIsEvaluated() throws IOException {
    SlicedVector average = vector(3);
    Checkpoint written =
        VectorFiles.write(
            store,
            state(4, 0.5),
            Map.of(
                Checkpoint.PARAMETERS,
                vector(1),
                Checkpoint.MOMENTUM,
                vector(2),
                Checkpoint.AVERAGE,
                average));

    assertThat(written.average(100).orElseThrow().slice(0)).isEqualTo(average.slice(0));
    assertThat(written.evaluated(100).slice(0)).isEqualTo(average.slice(0));
    assertThat(written.evaluatedFile().getName()).isEqualTo("average.safetensors");
  }
}
