package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.model.checkpoint.TensorSource.Format;

class NpzCheckpointTest {

  private static final String NUMPY = "checkpoints/numpy/";

  @Test
  void theImageViTHasLinenNamesAndTheValuesOfTheInitialisedModel() throws IOException {
    Map<String, Fixtures.Tensor> after =
        Fixtures.expected(
            "golden/v1/checkpoint/image_vit/same_grid_model1_central_tile.safetensors", "after/");
    Map<String, Fixtures.Tensor> found = Fixtures.all(Fixtures.IMAGE);
    after.remove("embedding/kernel"); // inflated there
    after.remove("Transformer/posembed_input/pos_embedding"); // tiled there
    assertThat(found).containsAllEntriesOf(after);
    assertThat(found.keySet())
        .contains("head/kernel", "head/bias", "pre_logits/kernel", "pre_logits/bias")
        .hasSize(after.size() + 2 + 4);
    assertThat(found.get("embedding/kernel").shape()).containsExactly(2L, 2L, 3L, 12L);
  }

  /** Written by NumPy itself; see the folder's README. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "stored",
        "deflated",
        "mixed_types",
        "opt_target",
        "params",
        "version2",
        "streamed",
        "zip64"
      })
  void everyWayOfWritingGivesTheSameTensors(String file) throws IOException {
    assertThat(Fixtures.all(NUMPY + file + ".npz"))
        .isEqualTo(Fixtures.expected(NUMPY + "expected.safetensors", ""));
  }

  @ParameterizedTest
  @CsvSource({"float16, 0.0005", "bfloat16, 0.004"})
  void halfPrecisionIsReadAsFloats(String file, float tolerance) throws IOException {
    Map<String, Fixtures.Tensor> found = Fixtures.all(NUMPY + file + ".npz");
    Map<String, Fixtures.Tensor> exact = Fixtures.expected(NUMPY + "expected.safetensors", "");
    assertThat(found.keySet()).isEqualTo(exact.keySet());
    exact.forEach(
        (name, tensor) -> {
          for (int i = 0; i < tensor.values().size(); i++) {
            float value = tensor.values().get(i);
            assertThat(Math.abs(found.get(name).values().get(i) - value))
                .isLessThanOrEqualTo(tolerance * Math.abs(value) + 1e-7f);
          }
        });
  }

  @Test
  void theStepIsMetadata() throws IOException {
    try (TensorSource source = Checkpoints.open(Fixtures.path(NUMPY + "opt_target.npz"))) {
      assertThat(source.format()).isEqualTo(Format.VIT_NPZ);
      assertThat(source.metadata()).containsExactly(Map.entry("step", "4711"));
    }
    try (TensorSource source = Checkpoints.open(Fixtures.path(NUMPY + "stored.npz"))) {
      assertThat(source.metadata()).isEmpty();
    }
  }

  @Test
  void whatIsNotOfTheModelIsListedAndNotRead() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path model = Fixtures.path(NUMPY + "stored.npz");
    try (ZipInputStream from = new ZipInputStream(Files.newInputStream(model));
        ZipOutputStream to = new ZipOutputStream(out)) {
      to.putNextEntry(new ZipEntry("step.npy"));
      to.write(npy("{'descr': '<i8', 'fortran_order': False, 'shape': (), }", 8));
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        from.transferTo(to);
      }
      to.putNextEntry(new ZipEntry("note/author.npy"));
      to.write(npy("{'descr': '<U3', 'fortran_order': False, 'shape': (), }", 12));
    }

    try (TensorSource source = Checkpoints.open(MemoryBytes.of("x.npz", out.toByteArray()))) {
      assertThat(source.others()).containsExactly("note/author", "step");
      assertThat(Fixtures.all(source)).isEqualTo(Fixtures.all(NUMPY + "stored.npz"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<i4;(2,);8;has NumPy type <i4, expected floats",
        "|O;(2,);8;has NumPy type |O, expected floats",
        "<f4;(2,);4;cannot fill 4 bytes",
        "<f4;(1152921504606846976,);8;cannot fill 8 bytes",
        "<f4;(1152921504606846976, 1152921504606846976);8;impossible shape",
        "<f4;(99999999999999999999,);8;impossible shape",
        "<f4;(-2,);8;expected the type of plain numbers, an order and a shape",
        "<f4;2;8;expected the type of plain numbers, an order and a shape",
        "<f4;(2,), 'shape': (2,);8;expected the type of plain numbers, an order and a shape",
        "<f8;(1,,);8;impossible shape"
      })
  void impossibleArraysAreRefused(String type, String shape, int bytes, String message)
      throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n".formatted(type, shape);
    byte[] zip = zip("embedding/kernel.npy", npy(header, bytes));
    assertThatThrownBy(() -> Checkpoints.open(MemoryBytes.of("x.npz", zip)))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("Cannot read x.npz: tensor embedding/kernel")
        .hasMessageContaining(message)
        .hasMessageContaining("(byte ");
  }

  @Test
  void otherZipsAreRefused() throws IOException {
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> open(zip("word/document.xml", text)))
        .hasMessageContaining("member word/document.xml is not an .npy array");
    assertThatThrownBy(() -> open(zip("archive/data.pkl", text)))
        .hasMessageContaining("this is a PyTorch file");
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
    assertThatThrownBy(() -> open(zip("arr_0.npy", npy(header, 4))))
        .hasMessageContaining("this is not a ViT or ViViT; it holds [arr_0]");
    assertThatThrownBy(() -> open(zip("arr_0.npy", text)))
        .hasMessageContaining("does not begin as an .npy array");
  }

  /** Names of members are keys, never paths. */
  @Test
  void namesThatLeadUpwardsAreNames(@TempDir Path folder) throws IOException {
    String name = "../../../escape.npy";
    String zip =
        new String(Fixtures.bytes("checkpoints/numpy/stored.npz"), StandardCharsets.ISO_8859_1)
            .replace("pre_logits/bias.npy", name);
    Path file = Files.createDirectories(folder.resolve("a/b/c")).resolve("stored.npz");
    Files.write(file, zip.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Checkpoints.open(file).close())
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("pre_logits/bias");
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile)).containsExactly(file);
    }
  }

  private static void open(byte[] zip) throws IOException {
    Checkpoints.open(MemoryBytes.of("x.npz", zip)).close();
  }

  private static byte[] npy(String header, int dataBytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x93);
    out.write("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
    out.write(header.getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[dataBytes]);
    return out.toByteArray();
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return out.toByteArray();
  }
}
