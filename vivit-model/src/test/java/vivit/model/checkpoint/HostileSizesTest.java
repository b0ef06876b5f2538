package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.HostileFiles.Member;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.dl4j.ViViTZip;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.model.variant.SpaceTime;
import vivit.model.variant.Variant;

/**
 * Hostile files of every format give their values, or an error that names the file; never an
 * exhausted heap or stack. {@code -Dhostile.seconds=60} runs every reader for that long instead of
 * for a few files.
 */
class HostileSizesTest {

  private static final int FILES = Integer.getInteger("hostile.files", 30);
  private static final long SECONDS = Long.getLong("hostile.seconds", 0);
  private static final String LIST = "model.safetensors.index.json";

  /** A format and how to make a hostile file of it. */
  private enum Reader {
    NPZ {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        List<String> files = List.of("stored", "deflated", "streamed", "zip64", "version2");
        String file = files.get(random.nextInt(files.size()));
        all(MemoryBytes.of("x.npz", hostile.bytes(numpy(file))));
      }
    },
    NPZ_HEADERS {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        Map<String, byte[]> arrays = unzipped(numpy("deflated"));
        List<String> names = new ArrayList<>(arrays.keySet());
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(4) == 0) {
          String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }";
          arrays.put(name, npy(header.formatted(hostile.length(), hostile.length())));
        } else {
          arrays.put(name, hostile.bytes(arrays.get(name)));
        }
        all(MemoryBytes.of("x.npz", zipped(arrays)));
      }
    },
    MSGPACK {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        String file = random.nextBoolean() ? Fixtures.SCENIC : "checkpoints/flax/chunked";
        all(MemoryBytes.of("ckpt", hostile.bytes(Fixtures.bytes(file))));
      }
    },
    SAFETENSORS {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        byte[] original = scenicSafetensors();
        byte[] file =
            random.nextBoolean() ? hostile.bytes(original) : hostile.safetensors(original);
        all(MemoryBytes.of("p.safetensors", file));
      }
    },
    SAFETENSORS_STREAM {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        byte[] original = scenicSafetensors();
        byte[] file =
            random.nextBoolean() ? hostile.bytes(original) : hostile.safetensors(original);
        try (SafetensorsReader reader =
            SafetensorsReader.open(new ByteArrayInputStream(file), "p.safetensors")) {
          while (reader.next()) {
            if (reader.current().type().isFloating()) {
              reader.floats();
            } else {
              reader.integers();
            }
          }
        }
        ParameterFile.read(Fixtures.scenicIndex(), new ByteArrayInputStream(file), "p");
      }
    },
    HUGGING_FACE {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        Map<String, byte[]> files =
            new HashMap<>(HuggingFaceCheckpointTest.folder("checkpoints/transformers/sharded"));
        List<String> names = files.keySet().stream().sorted().toList();
        String name = names.get(random.nextInt(names.size()));
        byte[] original = files.get(name);
        boolean json = name.endsWith(".json");
        files.put(
            name,
            random.nextInt(3) == 0
                ? hostile.bytes(original)
                : json ? hostile.json(original) : hostile.safetensors(original));
        all(MemoryBytes.in(files, LIST));
      }
    },
    DL4J {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        Bytes file = MemoryBytes.of("model.zip", hostile.bytes(dl4j()));
        if (Checkpoints.isDl4j(file)) {
          ViViTZip.read(file);
        }
      }
    },
    DL4J_MEMBERS {
      @Override
      void read(HostileFiles hostile, Random random) throws IOException {
        Map<String, byte[]> members = unzipped(dl4j());
        String name = random.nextBoolean() ? "configuration.json" : "coefficients.bin";
        byte[] original = members.get(name);
        if (name.endsWith(".json") && random.nextInt(3) == 0) {
          members.put(name, described(original, hostile));
        } else {
          members.put(
              name, name.endsWith(".json") ? hostile.json(original) : hostile.bytes(original));
        }
        ViViTZip.read(MemoryBytes.of("model.zip", zipped(members)));
      }
    };

    abstract void read(HostileFiles hostile, Random random) throws IOException;
  }

  private static void all(Bytes file) throws IOException {
    try (TensorSource source = Checkpoints.open(file)) {
      Fixtures.all(source);
    }
  }

  private static byte[] numpy(String name) throws IOException {
    return Fixtures.bytes("checkpoints/numpy/" + name + ".npz");
  }

  private static byte[] scenicSafetensors() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TensorSource source = Checkpoints.open(Fixtures.path(Fixtures.SCENIC))) {
      ScenicWriter.write(source, out);
    }
    return out.toByteArray();
  }

  private static byte[] dl4j() throws IOException {
    return Fixtures.bytes("checkpoints/dl4j/two-vivit.zip");
  }

  /** A configuration whose description of the model is hostile. */
  private static byte[] described(byte[] configuration, HostileFiles hostile) throws IOException {
    ObjectNode root = StrictJson.parse("configuration.json", configuration);
    JsonNode layer = root.at("/vertices/vivit/layerConf/layer");
    byte[] model = layer.get("model").asText().getBytes(StandardCharsets.UTF_8);
    ((ObjectNode) layer).put("model", new String(hostile.json(model), StandardCharsets.UTF_8));
    return StrictJson.MAPPER.writeValueAsBytes(root);
  }

  private static Map<String, byte[]> unzipped(byte[] zip) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        members.put(entry.getName(), in.readAllBytes());
      }
    }
    return members;
  }

  private static byte[] zipped(Map<String, byte[]> members) {
    return HostileFiles.zip(
        members.entrySet().stream().map(m -> Member.of(m.getKey(), m.getValue())).toList());
  }

  private static byte[] npy(String header) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(10 + text.length)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .put((byte) text.length)
        .put((byte) (text.length >> 8))
        .put(text)
        .array();
  }

  /** The originals are read, or every refusal would say nothing. */
  @Test
  void originalsAreRead() throws IOException {
    all(MemoryBytes.of("p.safetensors", scenicSafetensors()));
    ViViTZip.read(MemoryBytes.of("model.zip", zipped(unzipped(dl4j()))));
    all(MemoryBytes.of("x.npz", zipped(unzipped(numpy("deflated")))));
    all(MemoryBytes.in(HuggingFaceCheckpointTest.folder("checkpoints/transformers/sharded"), LIST));
  }

  @ParameterizedTest
  @EnumSource(Reader.class)
  void everyReaderEndsInAnError(Reader reader) {
    long seed = reader.name().hashCode();
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int file = 0; SECONDS > 0 ? System.nanoTime() < end : file < FILES; file++) {
      Random random = new Random(new SplittableRandom(seed + file).nextLong());
      String outcome;
      try {
        reader.read(new HostileFiles(random), random);
        outcome = "read";
      } catch (CorruptCheckpointException | TooLargeException refused) {
        outcome = refused.getClass().getSimpleName();
        assertThat(refused).hasMessageStartingWith("Cannot read ");
        assertThat(refused.getMessage()).hasSizeLessThan(2000);
      } catch (IOException | RuntimeException | Error wrong) {
        fail("%s, file %d gives %s".formatted(reader, file, wrong), wrong);
        throw new AssertionError(wrong);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    System.out.printf("%s, seed %d: %s%n", reader, seed, outcomes);
    assertThat(outcomes).containsKey("CorruptCheckpointException");
  }

  /** More numbers than the heap of the test takes. */
  private static long tooMany() {
    return Math.min(Runtime.getRuntime().maxMemory() / Float.BYTES, 1L << 29);
  }

  /** A whole image ViT whose classifier unpacks to more numbers than the heap takes. */
  @Test
  void npzBombIsRefused() throws IOException {
    Map<String, byte[]> arrays = unzipped(numpy("deflated"));
    long width = width(arrays);
    long classes = tooMany() / width;
    arrays.remove("head/kernel.npy");
    arrays.remove("head/bias.npy");
    List<Member> members = new ArrayList<>();
    arrays.forEach((name, array) -> members.add(Member.of(name, array)));
    members.add(bomb("head/kernel.npy", width + ", " + classes, width * classes));
    members.add(bomb("head/bias.npy", classes + ",", classes));
    byte[] zip = HostileFiles.zip(members);
    assertThat(zip.length).isLessThan(8 << 20);
    assertThatThrownBy(() -> all(MemoryBytes.of("x.npz", zip)))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("tensor head/kernel takes");
  }

  private static Member bomb(String name, String shape, long numbers) {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
    return Member.bomb(name, npy(header), Float.BYTES * numbers);
  }

  private static long width(Map<String, byte[]> arrays) throws IOException {
    try (TensorSource source = Checkpoints.open(MemoryBytes.of("x.npz", zipped(arrays)))) {
      return source.tensors().stream()
          .filter(tensor -> tensor.name().equals("embedding/bias"))
          .findFirst()
          .orElseThrow()
          .shape()[0];
    }
  }

  private static byte[] dl4j(int mlpWidth, Variant variant, long numbers) throws IOException {
    ViViTConfig config =
        new ViViTConfig(
            new ClipShape(2, 4, 4),
            new Tubelet(1, 2, 2),
            4,
            2,
            mlpWidth,
            variant,
            Readout.MEAN,
            0,
            List.of(new Head("classes", 3)));
    String json = ViViTGraph.configuration(config, 0, DataType.FLOAT).toJson();
    long count = numbers > 0 ? numbers : ParameterIndex.of(config).length();
    ByteBuffer header = ByteBuffer.allocate(18 + 8 + 6 + 48 + 18 + 8 + 7);
    text(header, "MIXED_DATA_TYPES").putLong(6);
    text(header, "LONG")
        .putLong(1)
        .putLong(count)
        .putLong(1)
        .putLong(0x2000)
        .putLong(1)
        .putLong(99);
    text(header, "MIXED_DATA_TYPES").putLong(count);
    text(header, "FLOAT");
    return HostileFiles.zip(
        List.of(
            Member.of("configuration.json", json.getBytes(StandardCharsets.UTF_8)),
            Member.bomb("coefficients.bin", header.array(), 4 * count)));
  }

  private static ByteBuffer text(ByteBuffer buffer, String text) {
    return buffer.putShort((short) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A model that is what its configuration says, all zeros, and takes 1.5 MB packed. */
  @Test
  void dl4jBombIsRefused() throws IOException {
    byte[] zip = dl4j((int) (tooMany() / 9), new SpaceTime(1), 0);
    assertThat(zip.length).isLessThan(4 << 20);
    assertThatThrownBy(() -> ViViTZip.read(MemoryBytes.of("model.zip", zip)))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("tensor coefficients.bin takes");
  }

  @Test
  void otherNumbersOfParametersAreRefusedUnread() throws IOException {
    byte[] zip = dl4j(6, new AveragePool(1), tooMany());
    assertThatThrownBy(() -> ViViTZip.read(MemoryBytes.of("model.zip", zip)))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("its size is %d, expected".formatted(tooMany()));
  }

  @Test
  void longConfigurationsAreRefusedUnread() throws IOException {
    Map<String, byte[]> members = unzipped(dl4j());
    byte[] zip =
        HostileFiles.zip(
            List.of(
                Member.bomb("configuration.json", new byte[0], 1L << 30),
                Member.of("coefficients.bin", members.get("coefficients.bin"))));
    assertThatThrownBy(() -> ViViTZip.read(MemoryBytes.of("model.zip", zip)))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("configuration.json has 1073741824 bytes, expected at most 16777216");
  }

  @Test
  void manyMembersAreRefused() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      members.add(new Member("a/".repeat(20) + i + ".npy", new byte[] {3, 0}, 0, 0));
    }
    byte[] zip = HostileFiles.zip(members);
    assertThatThrownBy(() -> all(MemoryBytes.of("x.npz", zip)))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("members in");
  }

  @Test
  void manyValuesOfJsonAreRefused() {
    byte[] json =
        ("{\"weight_map\":{\"a\":[" + "[],".repeat(3_000_000) + "0]}}")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> all(MemoryBytes.of(LIST, json)))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("it has more than 2097152 values");
    byte[] header =
        ByteBuffer.allocate(8 + json.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array();
    assertThatThrownBy(() -> all(MemoryBytes.of("p.safetensors", header)))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("it has more than 2097152 values");
  }

  /** Maps without leaves, which count as names all the same. */
  @Test
  void manyNamesOfMsgpackAreRefused() {
    int names = 1 << 18;
    ByteBuffer map = ByteBuffer.allocate(5 + names * 6);
    map.put((byte) 0xDF).putInt(names);
    for (int i = 0; i < names; i++) {
      map.put((byte) 0xA4)
          .put(Integer.toString(i + 1_000_000, 36).getBytes(StandardCharsets.US_ASCII), 0, 4);
      map.put((byte) 0x80);
    }
    assertThatThrownBy(() -> all(MemoryBytes.of("ckpt", map.array())))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("too many names");
  }

  @Test
  void layersThatNoModelHasAreRefused() {
    assertThatThrownBy(() -> dl4j(6, new SpaceTime(2_000_000_000), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 4096");
  }
}
