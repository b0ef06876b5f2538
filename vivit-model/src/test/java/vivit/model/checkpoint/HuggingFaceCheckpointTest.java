package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.HuggingFaceNames.HuggingFaceTensor;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.parameter.ParameterIndex;

class HuggingFaceCheckpointTest {

  private static final String LIBRARY = "checkpoints/transformers/";
  private static final String LIST = "model.safetensors.index.json";

  /** All files of a folder of the resources. */
  static Map<String, byte[]> folder(String resource) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (Stream<Path> paths = Files.list(Fixtures.path(resource))) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  private static void assertRefused(Map<String, byte[]> files, String file, String message) {
    assertThatThrownBy(() -> Checkpoints.open(MemoryBytes.in(files, file)).close())
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("(byte ");
  }

  @Test
  void theGoldenFolderIsReadWhole() throws IOException {
    try (TensorSource source = Checkpoints.open(Fixtures.path(Fixtures.HUGGING_FACE))) {
      assertThat(source.format()).isEqualTo(Format.HUGGING_FACE);
      assertThat(source.metadata()).isEmpty();
      assertThat(Fixtures.all(source))
          .isEqualTo(Fixtures.expected(Fixtures.HUGGING_FACE + "/expected.safetensors", "param/"));
      HuggingFaceConfig config = ((HuggingFaceCheckpoint) source).config();
      assertThat(WholeModel.read(source, ParameterIndex.of(config.model()))).isNotEmpty();
    }
  }

  /** Written by the library itself; see the folder's README. */
  @ParameterizedTest
  @ValueSource(strings = {"module_names", "sharded", "backbone", "backbone_pooler"})
  void everyFolderOfTheLibraryGivesTheSameTensors(String folder) throws IOException {
    Map<String, Fixtures.Tensor> expected = Fixtures.all(LIBRARY + "published_names");
    if (folder.startsWith("backbone")) {
      expected.keySet().removeIf(name -> name.startsWith("output_projection"));
    }
    assertThat(Fixtures.all(LIBRARY + folder)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"float16, 0.0005", "bfloat16, 0.004"})
  void halfPrecisionIsReadAsFloats(String folder, float tolerance) throws IOException {
    Map<String, Fixtures.Tensor> found = Fixtures.all(LIBRARY + folder);
    Map<String, Fixtures.Tensor> exact = Fixtures.all(LIBRARY + "published_names");
    assertThat(found.keySet()).isEqualTo(exact.keySet());
    exact.forEach(
        (name, tensor) -> {
          for (int i = 0; i < tensor.values().size(); i++) {
            float value = tensor.values().get(i);
            assertThat(Math.abs(found.get(name).values().get(i) - value))
                .isLessThanOrEqualTo(tolerance * (Math.abs(value) + 0.001f));
          }
        });
  }

  /** docs/vivit.md, 3.1, row by row. */
  @ParameterizedTest
  @CsvFileSource(resources = "/checkpoints/huggingface_names.csv", numLinesToSkip = 1)
  void everyNameIsMappedBothWays(
      String scenic, String hub, String module, String scenicShape, String stored)
      throws IOException {
    ViViTConfig model = HuggingFaceConfigTest.model(Readout.TOKEN, 0, new Head("classes", 5));
    HuggingFaceTensor tensor =
        HuggingFaceNames.of(HuggingFaceConfig.of(model, List.of())).stream()
            .filter(t -> t.scenic().equals(scenic))
            .findFirst()
            .orElseThrow();
    assertThat(tensor.hubInClassifier()).isEqualTo(hub);
    assertThat(tensor.module()).isEqualTo(module);
    assertThat(Arrays.toString(tensor.scenicShape())).isEqualTo(scenicShape);
    assertThat(Arrays.toString(tensor.stored())).isEqualTo(stored);
    assertThat(ParameterIndex.of(model).parameter(scenic).shape()).isEqualTo(tensor.scenicShape());
  }

  @Test
  void theTableNamesEveryParameter() throws IOException {
    ViViTConfig model = HuggingFaceConfigTest.model(Readout.TOKEN, 0, new Head("classes", 5));
    List<String> table =
        new String(Fixtures.bytes("checkpoints/huggingface_names.csv"), StandardCharsets.UTF_8)
            .lines()
            .skip(1)
            .map(line -> line.substring(0, line.indexOf(',')))
            .toList();
    assertThat(ParameterIndex.of(model).parameters())
        .extracting(p -> p.name())
        .containsExactlyInAnyOrderElementsOf(table);
  }

  @Test
  void whatIsWrittenComesBack() throws IOException {
    ViViTConfig model = HuggingFaceConfigTest.model(Readout.TOKEN, 0, new Head("classes", 5));
    ParameterIndex index = ParameterIndex.of(model);
    float[] flat = new float[(int) index.length()];
    Random random = new Random(3);
    for (int i = 0; i < flat.length; i++) {
      flat[i] = random.nextFloat();
    }
    Map<String, ByteArrayOutputStream> files = new TreeMap<>();
    HuggingFaceWriter.write(
        FlatSource.of("model", index, flat),
        HuggingFaceConfig.of(model, List.of("a", "b", "c", "d", "e")),
        name -> files.computeIfAbsent(name, key -> new ByteArrayOutputStream()));
    assertThat(files.keySet())
        .containsExactly("config.json", "model.safetensors", "preprocessor_config.json");
    Map<String, byte[]> written = new HashMap<>();
    files.forEach((name, bytes) -> written.put(name, bytes.toByteArray()));
    try (TensorSource source = Checkpoints.open(MemoryBytes.in(written, "model.safetensors"))) {
      assertThat(WholeModel.read(source, index)).isEqualTo(flat);
      assertThat(((HuggingFaceCheckpoint) source).config().labels()).hasSize(5);
    }
  }

  @Test
  void theWriterRefusesOtherModels() throws IOException {
    try (TensorSource scenic = Checkpoints.open(Fixtures.path(Fixtures.SCENIC));
        TensorSource one = Checkpoints.open(Fixtures.path(Fixtures.HUGGING_FACE))) {
      HuggingFaceConfig config = ((HuggingFaceCheckpoint) one).config();
      assertThatThrownBy(() -> HuggingFaceWriter.write(scenic, config, name -> null))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("in Hugging Face format: tensor cls has shape none, expected");
    }
  }

  @Test
  void missingAndStrangeTensorsAreRefused() throws IOException {
    Map<String, byte[]> files = folder(Fixtures.HUGGING_FACE);
    String config = new String(files.get("config.json"), StandardCharsets.UTF_8);
    files.put("config.json", bytes(config.replace("hidden_layers\": 2", "hidden_layers\": 1")));
    assertRefused(files, "model.safetensors", "is not part of a ViViT of 1 layers");
    files.put("config.json", bytes(config.replace("hidden_layers\": 2", "hidden_layers\": 3")));
    assertRefused(
        files,
        "model.safetensors",
        "tensor vivit.encoder.layer.2.attention.attention.query.weight is missing");
    String many = "hidden_layers\": 2000000000";
    files.put("config.json", bytes(config.replace("hidden_layers\": 2", many)));
    assertRefused(files, "model.safetensors", "too few for the 2000000000 layers");
    files.put("config.json", bytes(config.replace("mediate_size\": 22", "mediate_size\": 23")));
    assertRefused(files, "model.safetensors", "has shape [22], expected [23] by config.json");
    files.remove("config.json");
    assertRefused(files, "model.safetensors", "config.json is missing next to it");
  }

  @Test
  void theListOfFilesMustBeRight() throws IOException {
    Map<String, byte[]> files = folder(LIBRARY + "sharded");
    String list = new String(files.get(LIST), StandardCharsets.UTF_8);
    files.put(LIST, bytes(list.replaceFirst("model-00001-of-00003", "../../etc/passwd")));
    assertRefused(files, LIST, "is not a safetensors file of this folder");
    files.put(LIST, bytes(list.replaceFirst("model-00001-of-00003", "model-00002-of-00003")));
    assertRefused(files, LIST, "but model.safetensors.index.json places it here");
    files.put(LIST, bytes(list.replaceFirst("\"classifier.bias.*\\n", "")));
    assertRefused(files, LIST, "lists 8 of them");
    files.put(LIST, bytes(list));
    files.remove("model-00003-of-00003.safetensors");
    assertRefused(files, LIST, "file model-00003-of-00003.safetensors is missing");
    files.put(LIST, bytes("{\"a\": 1}"));
    assertRefused(files, LIST, "this is a JSON file; give the model.safetensors next to it");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
