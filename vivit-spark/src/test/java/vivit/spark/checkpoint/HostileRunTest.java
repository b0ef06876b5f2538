package vivit.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.storage.Sha256;
import vivit.model.Head;
import vivit.model.ModelDescription;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.ElementType;
import vivit.model.checkpoint.SafetensorsWriter;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TooLargeException;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.spark.checkpoint.CheckpointState.BestValidation;
import vivit.spark.metrics.LineLog;
import vivit.spark.model.ClipTensor;

/**
 * Hostile run folders, with checksums that match, give their values, or an error; never an
 * exhausted heap or stack, or a bare runtime exception. {@code -Dhostile.seconds=60} runs every
 * reader for that long instead of for a few files.
 */
class HostileRunTest {

  private static final int FILES = Integer.getInteger("hostile.files", 30);
  private static final long SECONDS = Long.getLong("hostile.seconds", 0);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Configuration CONF = new Configuration();
  private static final ViViTConfig MODEL =
      new ViViTConfig(
          new ClipShape(4, 8, 12),
          new Tubelet(2, 4, 4),
          6,
          2,
          10,
          new AveragePool(1),
          Readout.TOKEN,
          0,
          List.of(new Head("label", 3)));
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "1",
          "-1",
          "1e308",
          "1e999999999",
          "2147483647",
          "2147483648",
          "1073741824",
          "4096",
          "65536",
          "9223372036854775807",
          "9".repeat(99),
          "9".repeat(5000),
          "\"\"",
          "\"a\"",
          "\"" + "a".repeat(100_000) + "\"",
          "\"../../x\"",
          "[]",
          "{}",
          "[1,2,3]",
          "[1000000,1000,1000]",
          "[65536,65536,65536]",
          "[" + "1,".repeat(50_000) + "1]",
          "[" + "[],".repeat(50_000) + "[]]",
          "[".repeat(60) + "]".repeat(60),
          "[".repeat(100_000) + "]".repeat(100_000));

  @TempDir Path run;

  private enum Reader {
    STATE,
    BYTES_OF_STATE,
    VECTOR,
    LEDGER,
    CLIP
  }

  private Path checkpoint() {
    return run.resolve("checkpoints/step-00000001");
  }

  private static org.apache.hadoop.fs.Path path(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private void write() throws IOException {
    CheckpointState state =
        new CheckpointState(
            1,
            1,
            0,
            1,
            10,
            20,
            0,
            2,
            0.5,
            ModelDescription.of(MODEL),
            List.of("a", "b", "c"),
            "labels",
            "shards",
            new ClipSettings(4, 1, 12.5, 36, 2, 4),
            "train {}",
            Map.of(),
            new BestValidation("top1", "shards", 0, 1, 0.5, 1, 0));
    SlicedVector vector = new SlicedVector(ParameterIndex.of(MODEL).length(), 1000);
    VectorFiles.write(
        new CheckpointStore(FileSystem.getLocal(CONF), path(run)),
        state,
        Map.of(Checkpoint.PARAMETERS, vector, Checkpoint.MOMENTUM, vector));
  }

  /** Reads all that the commands read of a run. */
  private void open() throws IOException {
    Checkpoint checkpoint = CheckpointStore.open(CONF, path(checkpoint()));
    checkpoint.state().heads();
    checkpoint.evaluated(1000);
    checkpoint.evaluatedFile();
    checkpoint.verify();
  }

  private void replaceState(JsonNode body) throws IOException {
    String text = JSON.writeValueAsString(body);
    ObjectNode file = JSON.createObjectNode();
    file.put("sha256", Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    file.set("state", body);
    Files.write(checkpoint().resolve("state.json"), JSON.writeValueAsBytes(file));
  }

  private static void places(JsonNode node, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(
              key -> {
                places.add(() -> object.put(key, "\u0001"));
                places(object.get(key), places);
              });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int place = i;
        places.add(() -> array.set(place, "\u0001"));
        places(array.get(i), places);
      }
    }
  }

  private static String hostile(JsonNode body, Random random) throws JsonProcessingException {
    List<Runnable> places = new ArrayList<>();
    places(body, places);
    places.get(random.nextInt(places.size())).run();
    return JSON.writeValueAsString(body)
        .replace("\"\\u0001\"", VALUES.get(random.nextInt(VALUES.size())));
  }

  private static byte[] hostile(byte[] original, Random random) {
    byte[] file = original.clone();
    int at = random.nextInt(file.length - 8);
    ByteBuffer place = ByteBuffer.wrap(file);
    switch (random.nextInt(4)) {
      case 0 -> file = Arrays.copyOf(file, at);
      case 1 -> place.putLong(at, Long.reverseBytes(1L << random.nextInt(64)));
      case 2 -> place.putInt(at, random.nextInt());
      default -> place.put(at, (byte) ('0' + random.nextInt(10)));
    }
    return file;
  }

  private void read(Reader reader, Random random) throws IOException {
    Path state = checkpoint().resolve("state.json");
    JsonNode body = JSON.readTree(Files.readAllBytes(state)).get("state");
    switch (reader) {
      case STATE -> {
        String text = hostile(body, random);
        try {
          replaceState(JSON.readTree(text));
        } catch (JsonProcessingException tooDeep) {
          Files.writeString(state, "{\"sha256\":\"\",\"state\":" + text + "}");
        }
        open();
      }
      case BYTES_OF_STATE -> {
        Files.write(state, hostile(Files.readAllBytes(state), random));
        open();
      }
      case VECTOR -> {
        Path file = checkpoint().resolve("parameters.safetensors");
        byte[] vector = hostile(Files.readAllBytes(file), random);
        Files.write(file, vector);
        ((ObjectNode) body.at("/files/parameters.safetensors"))
            .put("bytes", vector.length)
            .put("sha256", Sha256.of(vector));
        replaceState(body);
        open();
      }
      case LEDGER -> {
        Path ledger = run.resolve("ledger.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < 3; line++) {
          JsonNode clean = JSON.readTree("{\"step\":1,\"epoch\":0,\"clips\":[\"a\",\"b\"]}");
          lines.append(hostile(clean, random)).append('\n');
        }
        Files.writeString(ledger, lines);
        LineLog.resume(FileSystem.getLocal(CONF), path(ledger), 1).close();
      }
      case CLIP -> {
        Path file = run.resolve("clip.safetensors");
        Files.write(file, hostile(clip(4, 8, 12), random));
        ClipTensor.read(CONF, file.toString()).tokens(MODEL);
      }
    }
  }

  private static byte[] clip(long frames, long height, long width) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TensorEntry tensor = TensorEntry.of("clip", ElementType.U8, frames, height, width, 3);
    try (SafetensorsWriter writer = new SafetensorsWriter(out, List.of(tensor), Map.of())) {
      writer.write(new long[(int) tensor.elements()]);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(Reader.class)
  void everyReaderEndsInAnError(Reader reader) throws IOException {
    write();
    open();
    byte[] state = Files.readAllBytes(checkpoint().resolve("state.json"));
    byte[] parameters = Files.readAllBytes(checkpoint().resolve("parameters.safetensors"));
    long seed = reader.name().hashCode();
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int file = 0; SECONDS > 0 ? System.nanoTime() < end : file < FILES; file++) {
      Files.write(checkpoint().resolve("state.json"), state);
      Files.write(checkpoint().resolve("parameters.safetensors"), parameters);
      Random random = new Random(new SplittableRandom(seed + file).nextLong());
      String outcome = "read";
      try {
        read(reader, random);
      } catch (IOException refused) {
        outcome = refused.getClass().getSimpleName();
        assertThat(refused).hasMessageStartingWith("Cannot read ");
      } catch (RuntimeException | Error wrong) {
        fail("%s, file %d gives %s".formatted(reader, file, wrong), wrong);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    System.out.printf("%s, seed %d: %s%n", reader, seed, outcomes);
  }

  private ObjectNode body() throws IOException {
    write();
    return (ObjectNode) JSON.readTree(checkpoint().resolve("state.json").toFile()).get("state");
  }

  /** A model of 8 GB; the files are said to be as large, and a sparse file would be. */
  @Test
  void vectorsThatTheHeapCannotHoldAreRefused() throws IOException {
    ObjectNode body = body();
    ((ObjectNode) body.get("model")).put("mlp_width", 160_000_000);
    for (String name : List.of("parameters.safetensors", "momentum.safetensors")) {
      ((ObjectNode) body.get("files").get(name)).put("bytes", 9L << 30);
    }
    replaceState(body);
    Checkpoint hostile = Checkpoint.open(FileSystem.getLocal(CONF), path(checkpoint()));
    assertThatThrownBy(() -> hostile.evaluated(1000))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("parameters.safetensors: the vector takes");
  }

  @Test
  void filesTooSmallForTheModelAreRefused() throws IOException {
    ObjectNode body = body();
    ((ObjectNode) body.get("model")).put("mlp_width", 1_000_000);
    replaceState(body);
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            ".*files: found momentum.safetensors of .*, expected 13\\d{6} parameters.*");
  }

  @Test
  void endlessLinesAreRefused() throws IOException {
    Path ledger = run.resolve("ledger.jsonl");
    byte[] line = new byte[(1 << 25) + 1];
    Arrays.fill(line, (byte) ' ');
    Files.write(ledger, line);
    assertThatThrownBy(() -> LineLog.resume(FileSystem.getLocal(CONF), path(ledger), 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1 has more than 33554432 characters");
  }
}
