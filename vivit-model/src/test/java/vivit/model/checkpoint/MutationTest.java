package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTZip;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.SpaceTime;

/** Hundreds of damaged files of every format. */
class MutationTest {

  private static final int EACH = 120;

  private static Object wholeModel(TensorSource source) throws IOException {
    ParameterIndex index = Fixtures.scenicIndex();
    return Arrays.hashCode(WholeModel.read(source, index));
  }

  private static Object all(String name, byte[] file) throws IOException {
    try (TensorSource source = Checkpoints.open(MemoryBytes.of(name, file))) {
      return Fixtures.all(source);
    }
  }

  private static void assertMostRefused(Mutations mutations) {
    assertThat(mutations.all()).isGreaterThanOrEqualTo(EACH * 4);
    assertThat(mutations.refused()).isGreaterThan(mutations.all() / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stored.npz", "deflated.npz", "opt_target.npz", "streamed.npz", "zip64.npz"})
  void npz(String file) throws IOException {
    byte[] original = Fixtures.bytes("checkpoints/numpy/" + file);
    Mutations mutations = new Mutations(file, original, bytes -> all(file, bytes));
    assertMostRefused(mutations.damage(1, EACH, position -> true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "zip64.npz"})
  void theDirectoryOfNpz(String file) throws IOException {
    byte[] original = Fixtures.bytes("checkpoints/numpy/" + file);
    ZipEnd end = ZipEnd.find(MemoryBytes.of(file, original));
    Mutations mutations = new Mutations(file, original, bytes -> all(file, bytes));
    mutations.damage(2, EACH, position -> position >= end.directory());
    assertThat(mutations.all()).isGreaterThanOrEqualTo(EACH * 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {Fixtures.SCENIC, "checkpoints/flax/chunked"})
  void msgpack(String file) throws IOException {
    byte[] original = Fixtures.bytes(file);
    BitSet numbers = new BitSet();
    for (MsgpackIndex.Leaf leaf : MsgpackIndex.read(MemoryBytes.of(file, original)).values()) {
      if (leaf instanceof MsgpackIndex.Array array) {
        numbers.set((int) array.data(), (int) (array.data() + array.bytes()));
      }
    }
    Mutations.Reading reading =
        file.equals(Fixtures.SCENIC)
            ? bytes -> wholeModel(Checkpoints.open(MemoryBytes.of("ckpt", bytes)))
            : bytes -> all("ckpt", bytes);
    Mutations mutations = new Mutations("ckpt", original, reading);
    assertMostRefused(mutations.damage(3, EACH, position -> !numbers.get(position)));
  }

  private static byte[] scenicSafetensors() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TensorSource source = Checkpoints.open(Fixtures.path(Fixtures.SCENIC))) {
      ScenicWriter.write(source, out);
    }
    return out.toByteArray();
  }

  private static int dataStart(byte[] safetensors) {
    return 8 + (int) ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  @Test
  void safetensors() throws IOException {
    byte[] original = scenicSafetensors();
    Mutations mutations =
        new Mutations(
            "p.safetensors",
            original,
            bytes -> wholeModel(Checkpoints.open(MemoryBytes.of("p.safetensors", bytes))));
    int start = dataStart(original);
    assertMostRefused(mutations.damage(4, EACH, position -> position < start));
  }

  private static Object folder(Map<String, byte[]> files, String file, byte[] mutant)
      throws IOException {
    Map<String, byte[]> changed = new HashMap<>(files);
    changed.put(file, mutant);
    String opened = files.containsKey("model.safetensors") ? "model.safetensors" : LIST;
    try (TensorSource source = Checkpoints.open(MemoryBytes.in(changed, opened))) {
      return Fixtures.all(source);
    }
  }

  private static Object dl4j(byte[] file) throws IOException {
    Bytes zip = MemoryBytes.of("model.zip", file);
    if (!Checkpoints.isDl4j(zip)) {
      throw new CorruptCheckpointException("Cannot read model.zip: no DL4J zip (byte 0)");
    }
    ViViTZip.ZippedModel content = ViViTZip.read(zip);
    return List.of(content.config(), Arrays.hashCode(content.parameters()));
  }

  @Test
  void dl4jZip() throws IOException {
    ViViTConfig config =
        new ViViTConfig(
            new ClipShape(2, 4, 4),
            new Tubelet(1, 2, 2),
            4,
            2,
            6,
            new SpaceTime(1),
            Readout.MEAN,
            0,
            List.of(new Head("classes", 3)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] parameters = new float[(int) ParameterIndex.of(config).length()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = 1f / (i + 3);
    }
    ViViTZip.write(config, parameters, out);
    Mutations mutations = new Mutations("model.zip", out.toByteArray(), MutationTest::dl4j);
    mutations.damage(8, 20, position -> true);
    assertThat(mutations.refused()).isGreaterThan(mutations.all() / 2);
  }

  private static final String LIST = "model.safetensors.index.json";

  @Test
  void huggingFace() throws IOException {
    Map<String, byte[]> files = HuggingFaceCheckpointTest.folder(Fixtures.HUGGING_FACE);
    byte[] tensors = files.get("model.safetensors");
    int start = dataStart(tensors);
    assertMostRefused(
        new Mutations(
                "model.safetensors", tensors, bytes -> folder(files, "model.safetensors", bytes))
            .damage(5, EACH, position -> position < start));
    new Mutations("", files.get("config.json"), bytes -> folder(files, "config.json", bytes))
        .damage(6, EACH, position -> true);
    Map<String, byte[]> sharded =
        HuggingFaceCheckpointTest.folder("checkpoints/transformers/sharded");
    new Mutations("model", sharded.get(LIST), bytes -> folder(sharded, LIST, bytes))
        .damage(7, EACH, position -> true);
  }

  /** Edits the header of a safetensors file and keeps the numbers. */
  private static byte[] edited(byte[] safetensors, String old, String replacement) {
    int start = dataStart(safetensors);
    String json = new String(safetensors, 8, start - 8, StandardCharsets.UTF_8);
    assertThat(json).contains(old);
    byte[] header = json.replace(old, replacement).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + safetensors.length - start)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(safetensors, start, safetensors.length - start)
        .array();
  }

  @Test
  void lyingHeadersOfSafetensors() throws IOException {
    byte[] original = scenicSafetensors();
    Mutations mutations =
        new Mutations(
            "p.safetensors",
            original,
            bytes -> wholeModel(Checkpoints.open(MemoryBytes.of("p.safetensors", bytes))));
    String bias = "\"embedding/bias\":{\"dtype\":\"F32\",\"shape\":[10],";
    List<String> replacements =
        List.of(
            bias.replace("bias", "bios"),
            bias.replace("[10]", "[2,5]"),
            bias.replace("[10]", "[5,2]"),
            bias.replace("[10]", "[1152921504606846976]"),
            bias.replace("[10]", "[1152921504606846976,1152921504606846976,0]"),
            bias.replace("[10]", "[-10]"),
            bias.replace("[10]", "[10.0]"),
            bias.replace("[10]", "[1e1]"),
            bias.replace("[10]", "[" + "9".repeat(900) + "]"),
            bias.replace("[10]", "10"),
            bias.replace("[10]", "[" + "1,".repeat(100_000) + "10]"),
            bias.replace("[10]", "[".repeat(900) + "10" + "]".repeat(900)),
            bias.replace("[10]", "[".repeat(200_000) + "10"),
            bias.replace("F32", "F64"),
            bias.replace("F32", "BF16"),
            bias.replace("F32", "I32"),
            bias.replace("F32", "f32"),
            bias.replace("embedding/bias", "embedding/kernel"),
            bias + "\"shape\":[10],",
            "\"embedding/none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}," + bias);
    for (String replacement : replacements) {
      String shown = replacement.substring(0, Math.min(90, replacement.length()));
      mutations.check(shown, edited(original, bias, replacement));
    }
    assertThat(mutations.refused()).isEqualTo(replacements.size());
    for (String offsets :
        List.of("[0,40]", "[-40,0]", "[9223372036854775767,9223372036854775807]")) {
      String json = new String(original, 8, dataStart(original) - 8, StandardCharsets.UTF_8);
      int from = json.indexOf("\"data_offsets\":", json.indexOf(bias));
      String old = json.substring(from, json.indexOf(']', from) + 1);
      mutations.check(offsets, edited(original, old, "\"data_offsets\":" + offsets));
    }
    assertThat(mutations.refused()).isEqualTo(replacements.size() + 3);
  }

  @Test
  void lyingNamesOfNpz() throws IOException {
    byte[] original = Fixtures.bytes("checkpoints/numpy/stored.npz");
    Mutations mutations = new Mutations("x.npz", original, bytes -> all("x.npz", bytes));
    // both copies of a name are changed, so that only the meaning is wrong
    mutations.check("twice", renamed(original, "pre_logits/bias.npy", "embedding/bias.npyx"));
    mutations.check(
        "duplicate",
        renamed(
            original,
            "Transformer/encoderblock_1/LayerNorm_0/bias.npy",
            "Transformer/encoderblock_0/LayerNorm_0/bias.npy"));
    mutations.check("no array", renamed(original, "head/bias.npy", "head/bias.npz"));
    mutations.check("not a ViT", renamed(original, "embedding/kernel.npy", "embeddung/kernel.npy"));
    assertThat(mutations.refused()).isEqualTo(4);
  }

  private static byte[] renamed(byte[] zip, String old, String replacement) {
    assertThat(replacement).hasSameSizeAs(old);
    String text = new String(zip, StandardCharsets.ISO_8859_1);
    return text.replace(old, replacement).getBytes(StandardCharsets.ISO_8859_1);
  }
}
