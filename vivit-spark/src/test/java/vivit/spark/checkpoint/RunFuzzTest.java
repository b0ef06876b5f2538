package vivit.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.dataprep.storage.Sha256;
import vivit.model.Head;
import vivit.model.ModelDescription;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.ElementType;
import vivit.model.checkpoint.SafetensorsWriter;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.spark.checkpoint.CheckpointState.BestValidation;
import vivit.spark.metrics.LineLog;
import vivit.spark.model.ClipTensor;

/** Files of run folders, with checksums that match, and clips to predict. */
class RunFuzzTest extends FuzzedReader {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Configuration CONF = new Configuration();
  private static final String VECTOR_FILE = "parameters.safetensors";
  private static final ViViTConfig MODEL =
      new ViViTConfig(
          new ClipShape(2, 4, 6),
          new Tubelet(1, 2, 2),
          4,
          2,
          6,
          new AveragePool(1),
          Readout.TOKEN,
          0,
          List.of(new Head("label", 3)));

  private enum Part {
    STATE,
    DAMAGED_STATE,
    VECTOR,
    LEDGER,
    CLIP
  }

  private Path checkpoint() {
    return folder.resolve("checkpoints/step-00000001");
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
            new ClipSettings(2, 1, 12.5, 36, 1, 2),
            "train {}",
            Map.of(),
            new BestValidation("top1", "shards", 0, 1, 0.5, 1, 0));
    SlicedVector vector = new SlicedVector(ParameterIndex.of(MODEL).length(), 1000);
    VectorFiles.write(
        new CheckpointStore(FileSystem.getLocal(CONF), path(folder)),
        state,
        Map.of(Checkpoint.PARAMETERS, vector, Checkpoint.MOMENTUM, vector));
  }

  private byte[] good(String name) throws IOException {
    Path kept = folder.resolve("good-" + name);
    if (!Files.exists(kept)) {
      write();
      for (String file : List.of("state.json", VECTOR_FILE)) {
        Files.copy(checkpoint().resolve(file), folder.resolve("good-" + file));
      }
    }
    return Files.readAllBytes(kept);
  }

  private JsonNode body() throws IOException {
    return JSON.readTree(good("state.json")).get("state");
  }

  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    Map<String, byte[]> seeds = new TreeMap<>();
    seeds.put("state", input(Part.STATE, JSON.writeValueAsBytes(body())));
    seeds.put("state and checksum", input(Part.DAMAGED_STATE, good("state.json")));
    seeds.put("vector", input(Part.VECTOR, good(VECTOR_FILE)));
    seeds.put("ledger", input(Part.LEDGER, "{\"step\":1,\"epoch\":0,\"clips\":[\"a\",\"b\"]}\n"));
    seeds.put("clip", input(Part.CLIP, clip()));
    return seeds;
  }

  private static byte[] clip() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TensorEntry tensor = TensorEntry.of("clip", ElementType.U8, 2, 4, 6, 3);
    try (SafetensorsWriter writer = new SafetensorsWriter(out, List.of(tensor), Map.of())) {
      writer.write(new long[(int) tensor.elements()]);
    }
    return out.toByteArray();
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof IOException && String.valueOf(e.getMessage()).startsWith("Cannot read ");
  }

  @Override
  protected void read(byte[] input) throws IOException {
    byte[] content = content(input);
    byte[] vector = good(VECTOR_FILE);
    Path state = checkpoint().resolve("state.json");
    Files.write(checkpoint().resolve(VECTOR_FILE), vector);
    switch (form(Part.class, input)) {
      case STATE -> {
        Files.write(state, trusted(new String(content, StandardCharsets.UTF_8)));
        open();
      }
      case DAMAGED_STATE -> {
        Files.write(state, content);
        open();
      }
      case VECTOR -> {
        Files.write(checkpoint().resolve(VECTOR_FILE), content);
        JsonNode body = body();
        ((ObjectNode) body.get("files").get(VECTOR_FILE))
            .put("bytes", content.length)
            .put("sha256", Sha256.of(content));
        Files.write(state, trusted(JSON.writeValueAsString(body)));
        open();
      }
      case LEDGER -> {
        Path ledger = Files.write(folder.resolve("ledger.jsonl"), content);
        LineLog.resume(FileSystem.getLocal(CONF), path(ledger), 1).close();
      }
      case CLIP -> {
        Path file = Files.write(folder.resolve("clip.safetensors"), content);
        ClipTensor.read(CONF, file.toString()).tokens(MODEL);
      }
    }
  }

  /** A state with the checksum of its content, if it is JSON. */
  private static byte[] trusted(String state) throws IOException {
    try {
      String text = JSON.writeValueAsString(JSON.readTree(state));
      String sum = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
      return "{\"sha256\":\"%s\",\"state\":%s}"
          .formatted(sum, text)
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException broken) {
      return state.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Reads all that the commands read of a run. */
  private void open() throws IOException {
    Checkpoint checkpoint = CheckpointStore.open(CONF, path(checkpoint()));
    checkpoint.state().heads();
    checkpoint.evaluated(1000);
    checkpoint.evaluatedFile();
    checkpoint.verify();
  }
}
