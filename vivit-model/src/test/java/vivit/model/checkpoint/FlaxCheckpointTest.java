package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.checkpoint.TensorSource.Format;

class FlaxCheckpointTest {

  private static final String FLAX = "checkpoints/flax/";
  private static final String EXPECTED = FLAX + "expected.safetensors";

  @Test
  void theGoldenCheckpointIsReadWhole() throws IOException {
    try (TensorSource source = Checkpoints.open(Fixtures.path(Fixtures.SCENIC))) {
      assertThat(source.format()).isEqualTo(Format.SCENIC_MSGPACK);
      assertThat(source.metadata()).containsExactly(Map.entry("step", "70000"));
      assertThat(Fixtures.all(source))
          .isEqualTo(Fixtures.expected(Fixtures.SCENIC + "_expected.safetensors", "param/"));
      assertThat(WholeModel.read(source, Fixtures.scenicIndex())).isNotEmpty();
    }
  }

  /** Written by Flax itself; see the folder's README. */
  @ParameterizedTest
  @CsvSource({"chunked, 1234", "pre_linen, -9", "params_on_top, 70001"})
  void everyLayoutGivesTheSameTensors(String file, String step) throws IOException {
    try (TensorSource source = Checkpoints.open(Fixtures.path(FLAX + file))) {
      assertThat(Fixtures.all(source)).isEqualTo(Fixtures.expected(EXPECTED, "param/"));
      assertThat(source.metadata()).containsExactly(Map.entry("step", step));
    }
  }

  @ParameterizedTest
  @CsvSource({"float64, 0", "float16, 0.0005", "bfloat16, 0.004"})
  void otherPrecisionsAreReadAsFloats(String file, float tolerance) throws IOException {
    Map<String, Fixtures.Tensor> found = Fixtures.all(FLAX + file);
    Map<String, Fixtures.Tensor> exact = Fixtures.expected(EXPECTED, "param/");
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

  private static byte[] state(Consumer<MsgpackBuilder> kernel) {
    MsgpackBuilder out = new MsgpackBuilder().map(1).text("params");
    return embedding(out, kernel).bytes();
  }

  /** The smallest tree that is a ViT: width 2, no block. */
  private static MsgpackBuilder embedding(MsgpackBuilder out, Consumer<MsgpackBuilder> kernel) {
    float[] two = {1, 2};
    out.map(2).text("Transformer").map(2);
    out.text("posembed_input").map(1).text("pos_embedding").array("float32", two, 1, 1, 2);
    out.text("encoder_norm").map(2).text("scale").array("float32", two, 2);
    out.text("bias").array("float32", two, 2);
    out.text("embedding").map(2).text("bias").array("float32", two, 2).text("kernel");
    kernel.accept(out);
    return out;
  }

  private static TensorSource open(byte[] bytes) throws IOException {
    return Checkpoints.open(MemoryBytes.of("checkpoint_1", bytes));
  }

  private static void assertRefused(Consumer<MsgpackBuilder> kernel, String message) {
    byte[] bytes = state(kernel);
    assertThatThrownBy(() -> open(bytes).floats("embedding/kernel"))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("Cannot read checkpoint_1: ")
        .hasMessageContaining(message)
        .hasMessageContaining("(byte ");
  }

  @Test
  void aSmallStateIsRead() throws IOException {
    float[] six = {1, 2, 3, 4, 5, 6};
    try (TensorSource source = open(state(out -> out.array("float32", six, 1, 1, 3, 2)))) {
      assertThat(source.floats("embedding/kernel")).isEqualTo(six);
      assertThat(source.metadata()).isEmpty();
      assertThat(source.tensors().get(4).shape()).containsExactly(1, 1, 3, 2);
    }
  }

  @Test
  void impossibleArraysAreRefused() {
    float[] two = {1, 2};
    assertRefused(out -> out.array("float32", two, 3), "shape [3] cannot fill 8 bytes");
    assertRefused(out -> out.array("int32", two, 2), "has type 'int32', expected float32");
    assertRefused(out -> out.array("float31", two, 2), "has type 'float31'");
    assertRefused(out -> out.array("float32", two, 1L << 60, 1L << 60), "impossible shape");
    assertRefused(out -> out.array("float32", two, 1L << 60), "cannot fill 8 bytes");
    assertRefused(out -> out.array("float32", two, -2), "something other than sizes");
    assertRefused(
        out -> out.array("float64", new double[] {1, 2, 3, 4, 1e300, 6}, 1, 1, 3, 2),
        "tensor embedding/kernel holds 1.0E300, which does not fit float32");
    assertRefused(out -> out.raw(0x05), "tensor embedding/kernel is not an array");
    assertRefused(out -> out.raw(0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1), "claims 4294967295 bytes");
    assertRefused(out -> out.raw(0xDF, 0xFF, 0xFF, 0xFF, 0xFF), "claims 8589934590 bytes");
    assertRefused(out -> out.raw(0xC1), "byte 0xc1 begins no msgpack value");
    assertRefused(
        out -> out.raw(0xC8, 0, 3, 1, 0x93, 0x90, 0xC0, 0xC0), "found NIL, expected a text");
    assertRefused(out -> out.raw(0xC7, 3, 1, 0x92, 0x90, 0x90), "is not a NumPy array");
  }

  @Test
  void chunksMustBeAllThere() {
    float[] two = {1, 2};
    assertRefused(
        out -> chunked(out, 4, () -> out.map(1).text("0").array("float32", two, 2)),
        "chunks of together 8 bytes, expected 16");
    assertRefused(
        out -> chunked(out, 2, () -> out.map(1).text("1").array("float32", two, 2)),
        "something other than a shape and chunks");
    assertRefused(
        out ->
            chunked(
                out,
                4,
                () ->
                    out.map(2)
                        .text("0")
                        .array("float32", two, 2)
                        .text("1")
                        .array("float16", new short[4], 4)),
        "a chunk that is not an array like the first");
  }

  private static void chunked(MsgpackBuilder out, int size, Runnable chunks) {
    out.map(3).text("__msgpack_chunked_array__").raw(0xC3);
    out.text("shape").map(1).text("0").raw(size).text("chunks");
    chunks.run();
  }

  @Test
  void impossibleMapsAreRefused() {
    byte[] twice = new MsgpackBuilder().map(2).text("params").raw(1).text("params").raw(1).bytes();
    assertThatThrownBy(() -> open(twice))
        .hasMessage(
            "Cannot read checkpoint_1: key 'params' occurs twice or holds a slash (byte 13)");
    byte[] number = new MsgpackBuilder().map(1).raw(5).raw(5).bytes();
    assertThatThrownBy(() -> open(number)).hasMessageContaining("found INTEGER, expected a text");
    byte[] foreign = new MsgpackBuilder().map(1).text("weights").raw(5).bytes();
    assertThatThrownBy(() -> open(foreign))
        .hasMessageContaining("so this is not a ViViT; it holds [weights]");
    byte[] trailing = state(out -> out.array("float32", new float[] {1}, 1).raw(0xC0));
    assertThatThrownBy(() -> open(trailing)).hasMessageContaining("data continues after the map");
    MsgpackBuilder deep = new MsgpackBuilder();
    for (int i = 0; i < 100_000; i++) {
      deep.map(1).text("a");
    }
    assertThatThrownBy(() -> open(deep.raw(1).bytes())).hasMessageContaining("nested deeper");
    MsgpackBuilder lists = new MsgpackBuilder().map(1).text("a");
    for (int i = 0; i < 100_000; i++) {
      lists.raw(0x91);
    }
    assertThatThrownBy(() -> open(lists.raw(1).bytes())).hasMessageContaining("not a ViViT");
  }

  @Test
  void valuesThatNobodyNeedsAreSteppedOver() throws IOException {
    MsgpackBuilder out = new MsgpackBuilder().map(3).text("other").raw(0xDC, 0, 14);
    out.raw(0xC0, 0xC2, 0xFF).raw(0xCA, 1, 2, 3, 4).raw(0xCB, 1, 2, 3, 4, 5, 6, 7, 8);
    out.raw(0xCF, 0xFF, 0, 0, 0, 0, 0, 0, 0).raw(0xD3, 1, 2, 3, 4, 5, 6, 7, 8);
    out.raw(0xC4, 2, 9, 9).raw(0xD9, 1, 'x').raw(0xD4, 7, 7).raw(0xD8, 8).raw(new int[16]);
    out.map(1).text("k").raw(0x91, 0x01).raw(0xC7, 1, 9, 9).raw(0xDD, 0, 0, 0, 0);
    out.text("step").raw(0xD1, 0x12, 0x34);
    out.text("params");
    embedding(out, kernel -> kernel.array("float32", new float[] {1, 2, 3, 4, 5, 7}, 1, 1, 3, 2));
    try (TensorSource source = open(out.bytes())) {
      assertThat(source.floats("embedding/kernel")).containsExactly(1, 2, 3, 4, 5, 7);
      assertThat(source.metadata()).containsEntry("step", Integer.toString(0x1234));
    }
  }

  @Test
  void invalidTextIsRefused() {
    byte[] bytes = new MsgpackBuilder().map(1).raw(0xA1, 0xFF).raw(1).bytes();
    assertThatThrownBy(() -> open(bytes)).hasMessageContaining("a text is not UTF-8 (byte 3)");
    byte[] endless =
        new MsgpackBuilder()
            .map(1)
            .text(new String(new byte[300], StandardCharsets.US_ASCII).replace('\0', 'x'))
            .raw(1)
            .bytes();
    assertThatThrownBy(() -> open(endless)).hasMessageContaining("expected at most 256");
  }
}
