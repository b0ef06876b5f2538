package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.model.checkpoint.ElementType;
import vivit.model.checkpoint.FlatSource;
import vivit.model.checkpoint.HuggingFaceConfig;
import vivit.model.checkpoint.HuggingFaceWriter;
import vivit.model.checkpoint.ReorderedClasses;
import vivit.model.checkpoint.SafetensorsWriter;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.parameter.ParameterIndex;

/** Runs that start from an image checkpoint, and from another run. */
class InitialisedRunTest {
  private static final int WIDTH = 12;

  private static final String SPACE_TIME = "model.variant=space-time";
  private static final String STANDING_STILL = "train.freeze=[\"**\"]";

  @TempDir Path folder;
  private Map<String, float[]> image;

  @BeforeEach
  void write() throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), 17);
    image = writeImageModel(folder.resolve("image.safetensors"), WIDTH);
  }

  @Test
  void aRunStartsFromAnImageModel() throws IOException {
    TinyRun run = run("run", from("image.safetensors"), STANDING_STILL, "train.epochs=1");
    float[] random = run.startingPoint();

    run.train();

    assertThat(values(run, "SpatialTransformer/encoderblock_1/MlpBlock_0/Dense_0/kernel"))
        .isEqualTo(image.get("Transformer/encoderblock_1/MlpBlock_0/Dense_0/kernel"));
    assertThat(values(run, "embedding/kernel"))
        .startsWith(new float[4 * 4 * 3 * WIDTH])
        .endsWith(image.get("embedding/kernel"));
    String temporal = "TemporalTransformer/encoderblock_0/MlpBlock_0/Dense_0/kernel";
    assertThat(values(run, temporal))
        .isEqualTo(
            ParameterValues.of(random).read(ParameterIndex.of(run.model()).parameter(temporal)));
    assertThat(folder.resolve("run/initialisation.txt"))
        .content()
        .contains("embedding/kernel [4, 4, 3, 12], frame 1 of 2, counted from 0")
        .contains("head/bias")
        .contains("an image model's classifier");
  }

  @Test
  void resumingDoesNotStartAgain() throws IOException {
    TinyRun undisturbed = run("undisturbed", from("image.safetensors"), "train.epochs=2");
    undisturbed.train();
    TinyRun disturbed = run("disturbed", from("image.safetensors"), "train.epochs=2");
    disturbed.train(4);
    Files.delete(folder.resolve("image.safetensors"));

    disturbed.train();

    assertThat(disturbed.parameters()).isEqualTo(undisturbed.parameters());
  }

  @Test
  void aRunStartsFromAnotherRun() throws IOException {
    TinyRun first = run("first", "train.epochs=1");
    first.train();

    TinyRun second =
        run(
            "second",
            from("first"),
            STANDING_STILL,
            "train.epochs=1",
            "initialise.restore-head=on");
    second.train();

    assertThat(second.parameters()).isEqualTo(first.parameters());
    assertThat(folder.resolve("second/initialisation.txt")).content().contains("step-00000003");
  }

  @Test
  void classifiersOfOtherClassesAreNotRestored() throws IOException {
    run("first", "train.epochs=1").train();
    TinyTrainingSet.write(folder.resolve("others"), 17, List.of("left", "right", "down"));

    String[] keys = {from("first"), STANDING_STILL, "train.epochs=1"};
    new TinyRun(folder.resolve("others"), folder.resolve("anew"), 2, keys).train();
    TinyRun restored =
        new TinyRun(
            folder.resolve("others"),
            folder.resolve("restored"),
            2,
            keys[0],
            "initialise.restore-head=on");
    assertThatThrownBy(restored::train)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot restore the classifiers of")
        .hasMessageContaining(
            "1 only in the shards: \"down\"; 1 only in the checkpoint: \"up\"; set"
                + " initialise.restore-head=false");
  }

  @Test
  void aClassifierOfAHuggingFaceFolderIsRestoredByName() throws IOException {
    TinyRun first = run("first", SPACE_TIME, "model.temporal-layers=null", "train.epochs=1");
    first.train();
    List<Integer> order = List.of(2, 0, 1);
    List<String> names = order.stream().map(List.of("left", "right", "up")::get).toList();
    writeHuggingFace("moved", first, names, order);
    writeHuggingFace("nameless", first, List.of(), List.of(0, 1, 2));
    writeHuggingFace("others", first, List.of("cat", "dog", "up"), List.of(0, 1, 2));

    for (String source : List.of("moved", "nameless")) {
      TinyRun second = restored(source);
      second.train();
      assertThat(second.parameters()).as(source).isEqualTo(first.parameters());
    }
    assertThat(folder.resolve("moved-restored/initialisation.txt"))
        .content()
        .contains("they were restored by name");
    assertThat(folder.resolve("nameless-restored/initialisation.txt"))
        .content()
        .contains("has no class names, so its class 0 becomes left, and so on");
    assertThatThrownBy(() -> restored("others").train())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot restore the classifier of")
        .hasMessageContaining("id2label of config.json")
        .hasMessageContaining("2 only in the checkpoint: \"cat\", \"dog\"");
  }

  private TinyRun restored(String source) {
    return run(
        source + "-restored",
        from(source),
        SPACE_TIME,
        "model.temporal-layers=null",
        STANDING_STILL,
        "train.epochs=1",
        "initialise.restore-head=on");
  }

  private void writeHuggingFace(String name, TinyRun run, List<String> labels, List<Integer> order)
      throws IOException {
    Path into = Files.createDirectory(folder.resolve(name));
    TensorSource source = FlatSource.of("first", ParameterIndex.of(run.model()), run.parameters());
    HuggingFaceWriter.write(
        new ReorderedClasses(source, order),
        HuggingFaceConfig.of(run.model(), labels),
        file -> Files.newOutputStream(into.resolve(file)));
  }

  @Test
  void aFolderWithAPickleAloneSaysWhatToDo() throws IOException {
    Path pickle = Files.createDirectory(folder.resolve("old"));
    Files.writeString(pickle.resolve("config.json"), "{}");
    Files.writeString(pickle.resolve("pytorch_model.bin"), "x");

    assertThatThrownBy(() -> run("run", from("old")).train())
        .hasMessageContaining("it holds pytorch_model.bin, a pickle")
        .hasMessageContaining("safe_serialization=True");
  }

  @Test
  void anImageModelOfAnotherSizeIsRefused() throws IOException {
    writeImageModel(folder.resolve("wide.safetensors"), 24);

    assertThatThrownBy(() -> run("run", from("wide.safetensors")).train())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot initialise embedding/kernel from ")
        .hasMessageContaining(
            "wide.safetensors: embedding/kernel is [4, 4, 3, 24] but this model needs"
                + " [4, 4, 3, 12] or [2, 4, 4, 3, 12]; use a checkpoint of width 12");
    assertThatThrownBy(() -> run("run", from("none.npz")).train())
        .hasMessageContaining("there is no such file or folder");
    assertThatThrownBy(() -> run("run", from("shards")).train())
        .hasMessageContaining("the folder holds none of model.safetensors");
  }

  private String from(String name) {
    return "initialise.from=" + folder.resolve(name).toUri();
  }

  private TinyRun run(String name, String... keys) {
    return new TinyRun(folder.resolve("shards"), folder.resolve(name), 2, keys);
  }

  private static float[] values(TinyRun run, String parameter) throws IOException {
    return ParameterValues.of(run.parameters())
        .read(ParameterIndex.of(run.model()).parameter(parameter));
  }

  /** An image ViT of two blocks for 8 x 8 pixels in patches of 4 x 4. */
  private static Map<String, float[]> writeImageModel(Path file, int width) throws IOException {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("embedding/kernel", new long[] {4, 4, 3, width});
    shapes.put("embedding/bias", new long[] {width});
    shapes.put("cls", new long[] {1, 1, width});
    shapes.put("Transformer/posembed_input/pos_embedding", new long[] {1, 5, width});
    for (int block = 0; block < 2; block++) {
      String name = "Transformer/encoderblock_" + block + "/";
      String attention = name + "MultiHeadDotProductAttention_0/";
      for (String part : List.of("query", "key", "value")) {
        shapes.put(attention + part + "/kernel", new long[] {width, 3, width / 3});
        shapes.put(attention + part + "/bias", new long[] {3, width / 3});
      }
      shapes.put(attention + "out/kernel", new long[] {3, width / 3, width});
      shapes.put(attention + "out/bias", new long[] {width});
      shapes.put(name + "MlpBlock_0/Dense_0/kernel", new long[] {width, 20});
      shapes.put(name + "MlpBlock_0/Dense_0/bias", new long[] {20});
      shapes.put(name + "MlpBlock_0/Dense_1/kernel", new long[] {20, width});
      shapes.put(name + "MlpBlock_0/Dense_1/bias", new long[] {width});
      for (String norm : List.of("LayerNorm_0", "LayerNorm_1")) {
        shapes.put(name + norm + "/scale", new long[] {width});
        shapes.put(name + norm + "/bias", new long[] {width});
      }
    }
    shapes.put("Transformer/encoder_norm/scale", new long[] {width});
    shapes.put("Transformer/encoder_norm/bias", new long[] {width});
    shapes.put("head/kernel", new long[] {width, 7});
    shapes.put("head/bias", new long[] {7});
    Random random = new Random(5);
    List<TensorEntry> entries =
        shapes.entrySet().stream()
            .map(shape -> TensorEntry.of(shape.getKey(), ElementType.F32, shape.getValue()))
            .toList();
    Map<String, float[]> values = new LinkedHashMap<>();
    try (OutputStream out = Files.newOutputStream(file);
        SafetensorsWriter writer = new SafetensorsWriter(out, entries, Map.of())) {
      for (TensorEntry entry : entries) {
        float[] numbers = new float[(int) entry.elements()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = (float) (0.1 * random.nextGaussian());
        }
        values.put(entry.name(), numbers);
        writer.write(numbers, 0, numbers.length);
      }
    }
    return values;
  }
}
