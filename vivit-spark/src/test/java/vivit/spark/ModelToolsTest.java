package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.dataprep.config.StrictConfig;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.ElementType;
import vivit.model.checkpoint.FlatSource;
import vivit.model.checkpoint.SafetensorsWriter;
import vivit.model.checkpoint.ScenicWriter;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.config.ModelSettings;
import vivit.spark.input.ClipTokens;

/** The commands that look at models: describe, convert, compare, predict on a tensor. */
class ModelToolsTest {
  private static final String[] TINY = {
    "model.preset=null",
    "model.width=12",
    "model.attention-heads=2",
    "model.mlp-width=20",
    "model.spatial-layers=2",
    "model.variant=space-time",
    "model.clip.frames=4",
    "model.clip.height=8",
    "model.clip.width=12",
    "model.tubelet.height=4",
    "model.tubelet.width=4"
  };

  @TempDir Path folder;
  private ViViTConfig config;
  private ComputationGraph graph;
  private float[] pixels;

  @BeforeEach
  void write() throws IOException {
    config =
        ModelSettings.read(StrictConfig.load(TINY).section("model"))
            .withHeads(List.of(new Head("label", 5)));
    graph = ViViTGraph.create(config, 3);
    Random random = new Random(7);
    float[] parameters = new float[(int) graph.numParams()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = 0.3f * (float) random.nextGaussian();
    }
    graph.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    try (var out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      ScenicWriter.write(FlatSource.of("tiny", ParameterIndex.of(config), parameters), out);
    }
    pixels = new float[4 * 8 * 12 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    clip("clip.safetensors", 4, 8, 12, 3);
  }

  private void clip(String name, long... shape) throws IOException {
    TensorEntry tensor = TensorEntry.of("clip", ElementType.F32, shape);
    try (SafetensorsWriter writer =
        new SafetensorsWriter(
            Files.newOutputStream(folder.resolve(name)), List.of(tensor), Map.of())) {
      writer.write(pixels, 0, (int) tensor.elements());
    }
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private static String[] with(String... words) {
    List<String> all = new ArrayList<>(List.of(TINY));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scenic", "huggingface", "dl4j"})
  void everyFormatKeepsParametersAndLogits(String format) throws Exception {
    Convert.convert(with(at("model.safetensors"), at("out"), "--format", format));

    String parameters = Compare.compare(at("model.safetensors"), at("out"));
    assertThat(parameters).contains("Transformer/encoderblock_1/MlpBlock_0/Dense_1/kernel");
    assertThat(differences(parameters))
        .hasSize(ParameterIndex.of(config).parameters().size())
        .containsOnly(0.0);
    String layers =
        Compare.compare(with(at("model.safetensors"), at("out"), "--clip", at("clip.safetensors")));
    assertThat(layers).contains("Transformer/encoderblock_0/after_attention").contains("logits/");
    assertThat(logits(at("out"))).containsExactly(expected(), within(1e-6));
  }

  @Test
  void withoutAConfigurationTheTensorsTellTheModel() throws Exception {
    Path json = folder.resolve("bare.json");
    Predict.predict(
        "--clip",
        at("clip.safetensors"),
        "--checkpoint",
        at("model.safetensors"),
        "--json",
        json.toString());
    assertThat(read(json)).containsExactly(expected(), within(1e-6));
    clip("short.safetensors", 2, 8, 12, 3);
    assertThatThrownBy(
            () ->
                Predict.predict(
                    "--clip", at("short.safetensors"), "--checkpoint", at("model.safetensors")))
        .hasMessageContaining("has 13 positions, but a clip of")
        .hasMessageContaining("describe it by a configuration");
  }

  @Test
  void onnxHoldsTheModelAndItsLabels() throws Exception {
    Convert.convert(with(at("model.safetensors"), at("out.onnx"), "--format=onnx"));
    assertThat(Files.size(folder.resolve("out.onnx"))).isGreaterThan(4 * graph.numParams());
  }

  @Test
  void differencesAreFound() throws IOException {
    float[] changed = graph.params().toFloatVector();
    changed[changed.length - 1] += 0.5f;
    try (var out = Files.newOutputStream(folder.resolve("changed.safetensors"))) {
      ScenicWriter.write(FlatSource.of("tiny", ParameterIndex.of(config), changed), out);
    }
    String table = Compare.compare(at("model.safetensors"), at("changed.safetensors"));
    assertThat(differences(table)).contains(0.5).filteredOn(d -> d > 0).hasSize(1);
  }

  @Test
  void bytesAreNormalisedAndOtherShapesRefused() throws Exception {
    byte[] bytes = new byte[pixels.length];
    new Random(1).nextBytes(bytes);
    String header =
        "{\"clip\":{\"dtype\":\"U8\",\"shape\":[4,8,12,3],\"data_offsets\":[0,%d]}}"
            .formatted(bytes.length);
    try (var out = Files.newOutputStream(folder.resolve("bytes.safetensors"))) {
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length())
              .array());
      out.write(header.getBytes(StandardCharsets.UTF_8));
      out.write(bytes);
    }
    for (int i = 0; i < bytes.length; i++) {
      pixels[i] = (bytes[i] & 0xff) * (2f / 255f) - 1f;
    }
    double[] found = logits(at("model.safetensors"), at("bytes.safetensors"));
    assertThat(found).containsExactly(expected(), within(1e-6));

    clip("small.safetensors", 4, 4, 12, 3);
    assertThatThrownBy(() -> logits(at("model.safetensors"), at("small.safetensors")))
        .hasMessageContaining("tensor clip is F32 [4, 4, 12, 3], expected F32 or U8 [4, 8, 12, 3]");
  }

  @Test
  void whatAFormatCannotHoldIsRefusedAndNothingIsLeft() throws IOException {
    assertThatThrownBy(
            () ->
                Convert.convert(
                    with(
                        at("model.safetensors"),
                        at("out"),
                        "--format=huggingface",
                        "model.variant=factorised-dot-product")))
        .hasMessageContaining("the format knows only Model 1");
    Files.writeString(folder.resolve("taken"), "precious");
    assertThatThrownBy(
            () -> Convert.convert(with(at("model.safetensors"), at("taken"), "--format=scenic")))
        .hasMessageContaining("exists");
    assertThatThrownBy(
            () -> Convert.convert(with(at("model.safetensors"), at("out"), "--format=pth")))
        .hasMessageContaining("found --format pth, expected");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.safetensors", "clip.safetensors", "taken");
    }
  }

  @Test
  void describesTheModelOfAConfiguration() {
    assertThat(Describe.summary("describe.classes=[300, 97]").parameters()).isEqualTo(115_060_621);
    assertThat(Describe.summary(TINY).text()).contains("Transformer/encoderblock_1");
    assertThat(Describe.text(with("train.batch-size=12", "train.workers=1", "train.micro-batch=3")))
        .containsPattern("one worker, 3 clips: \\d+\\.\\d MB \\(\\d+\\.\\d MB recomputing\\)");
    assertThat(Describe.text(with("train.batch-size=12"))).contains("one worker, 2 clips: ");
    assertThat(Describe.text(with("train.batch-size=12", "train.workers=5")))
        .contains("one worker, 3 clips: ");
  }

  private static List<Double> differences(String table) {
    List<Double> differences = new ArrayList<>();
    Matcher row = Pattern.compile("(?m)^\\S+ +([0-9.e+-]+) +[0-9.e+-]+$").matcher(table);
    while (row.find()) {
      differences.add(Double.parseDouble(row.group(1)));
    }
    return differences;
  }

  private double[] expected() {
    ClipTokens tokens = new ClipTokens(config);
    float[] values = new float[tokens.values()];
    tokens.write(pixels, FloatBuffer.wrap(values));
    try (INDArray input =
            Nd4j.createFromArray(values)
                .reshape(1, config.grid().tokens(), config.tubelet().values());
        INDArray logits = ViViTGraph.logits(graph, input)[0]) {
      return logits.castTo(DataType.DOUBLE).toDoubleMatrix()[0];
    }
  }

  private double[] logits(String model) throws Exception {
    return logits(model, at("clip.safetensors"));
  }

  private double[] logits(String model, String clip) throws Exception {
    Path json = folder.resolve("out.json");
    Predict.predict(with("--clip", clip, "--checkpoint", model, "--json", json.toString()));
    double[] logits = read(json);
    Files.delete(json);
    return logits;
  }

  private static double[] read(Path json) throws IOException {
    JsonNode root = new ObjectMapper().readTree(json.toFile());
    double[] logits = new double[root.get("logits").size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = root.get("logits").get(i).asDouble();
    }
    return logits;
  }
}
