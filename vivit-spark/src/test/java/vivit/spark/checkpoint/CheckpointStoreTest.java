package vivit.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.model.Head;
import vivit.model.ModelDescription;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;

class CheckpointStoreTest {
  private static final ViViTConfig MODEL =
      new ViViTConfig(
          new ClipShape(4, 8, 12),
          new Tubelet(2, 4, 4),
          6,
          2,
          10,
          new FactorisedEncoder(2, 1),
          Readout.TOKEN,
          0,
          List.of(new Head("label", 3)));

  @TempDir Path run;
  private CheckpointStore store;

  @BeforeEach
  void open() throws IOException {
    store = new CheckpointStore(FileSystem.getLocal(new Configuration()), path(run));
  }

  @Test
  void readsWhatItWrote() throws IOException {
    SlicedVector parameters = vector(1, 100);
    SlicedVector momentum = vector(2, 100);

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
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1, 100), vector(1, 100)));
    VectorFiles.write(store, state(2, 0.5), vectors(vector(2, 100), vector(2, 100)));
    Path damaged = run.resolve("checkpoints/step-00000002").resolve(file);
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    assertThat(store.latest().orElseThrow().state().step()).isEqualTo(1);
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1, 100), vector(1, 100)));
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
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1, 100), vector(1, 100)));
    Files.write(run.resolve("checkpoints/step-00000001/state.json"), new byte[3]);

    VectorFiles.write(store, state(1, 0.5), vectors(vector(3, 100), vector(3, 100)));

    assertThat(values(store.latest().orElseThrow().parameters(50))).isEqualTo(values(vector(3, 7)));
  }

  @Test
  void aNewerFormatIsNotTakenForDamage() throws IOException {
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1, 100), vector(1, 100)));
    Path file = run.resolve("checkpoints/step-00000001/state.json");
    Files.writeString(
        file, Files.readString(file).replace("\"format_version\" : 1", "\"format_version\" : 9"));

    assertThatThrownBy(store::latest)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format version 9, this program reads up to 1");
  }

  @Test
  void keepsTheLastAndTheBest() throws IOException {
    double[] losses = {0.9, 0.2, 0.8, 0.7, 0.6};
    for (int step = 1; step <= losses.length; step++) {
      VectorFiles.write(
          store, state(step, losses[step - 1]), vectors(vector(step, 100), vector(step, 100)));
    }

    store.prune(store.latest().orElseThrow(), 2, 1);

    assertThat(store.folders().stream().map(folder -> folder.getName()))
        .containsExactly("step-00000002", "step-00000004", "step-00000005");
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
    VectorFiles.write(store, state(1, 0.5), vectors(vector(1, 100), vector(1, 100)));
    VectorFiles.write(store, state(2, 0.5), vectors(vector(2, 100), vector(2, 100)));
    Configuration conf = new Configuration();

    Checkpoint newest = CheckpointStore.open(conf, path(run));
    Checkpoint first = CheckpointStore.open(conf, path(run.resolve("checkpoints/step-00000001")));

    assertThat(values(newest.evaluated(100))).isEqualTo(values(vector(2, 100)));
    assertThat(values(first.evaluated(100))).isEqualTo(values(vector(1, 100)));
    assertThat(newest.state().labels()).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> CheckpointStore.open(conf, path(run.resolve("nothing"))))
        .hasMessageContaining("No checkpoint in");
  }

  private static org.apache.hadoop.fs.Path path(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static SlicedVector vector(long seed, int sliceLength) {
    long length = ParameterIndex.of(MODEL).length();
    SlicedVector vector = new SlicedVector(length, sliceLength);
    Random random = new Random(seed);
    float[] values = new float[(int) length];
    IntStream.range(0, values.length).forEach(i -> values[i] = random.nextFloat());
    vector.write(0, values);
    return vector;
  }

  private static float[] values(SlicedVector vector) {
    float[] values = new float[(int) vector.length()];
    vector.read(0, values);
    return values;
  }

  private static CheckpointState state(long step, double loss) {
    return new CheckpointState(
        1,
        step,
        0,
        step,
        10,
        20,
        0,
        2,
        loss,
        ModelDescription.of(MODEL),
        List.of("a", "b", "c"),
        "labels",
        "shards",
        new ClipSettings(4, 1, 12.5, 36, 2, 4),
        "train {}",
        Map.of());
  }

  private static Map<String, SlicedVector> vectors(SlicedVector parameters, SlicedVector momentum) {
    return Map.of(Checkpoint.PARAMETERS, parameters, Checkpoint.MOMENTUM, momentum);
  }

  @Test
  void theMovingAverageIsKeptAndIsWhatIsEvaluated() throws IOException {
    SlicedVector average = vector(3, 100);
    Checkpoint written =
        VectorFiles.write(
            store,
            state(4, 0.5),
            Map.of(
                Checkpoint.PARAMETERS,
                vector(1, 100),
                Checkpoint.MOMENTUM,
                vector(2, 100),
                Checkpoint.AVERAGE,
                average));

    assertThat(written.average(100).orElseThrow().slice(0)).isEqualTo(average.slice(0));
    assertThat(written.evaluated(100).slice(0)).isEqualTo(average.slice(0));
    assertThat(written.evaluatedFile().getName()).isEqualTo("average.safetensors");
  }
}
