package vivit.spark.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.Initialiser;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.SpaceTime;

/**
 * Published weights of every format, opened as {@code predict} and {@code train} open them. Members
 * of zips get their checksums, so that a search reaches what is in them.
 */
class WeightsFuzzTest extends FuzzedReader {
  private static final Configuration CONF = new Configuration();
  private static final Arguments NONE = Arguments.parse(Set.of());
  private static final ClipShape CLIP = new ClipShape(6, 8, 12);
  private static final Path WRITTEN =
      Path.of("..", "vivit-model", "src", "test", "resources", "checkpoints");
  private static final Path HUGGING_FACE = WRITTEN.resolve("transformers/float16");
  private static final Path SHARDED = WRITTEN.resolve("transformers/sharded");

  /** A model that the image model of the seeds starts. */
  private static final ViViTConfig STARTED =
      new ViViTConfig(
          new ClipShape(4, 6, 6),
          new Tubelet(2, 3, 3),
          6,
          2,
          10,
          new SpaceTime(2),
          Readout.TOKEN,
          0,
          List.of(new Head("classes", 7)));

  private static final String ARRAY = "embedding/kernel.npy";
  private static final String GRAPH = "configuration.json";

  private enum Form {
    FILE,
    TENSORS,
    CONFIG,
    PIXELS,
    INDEX,
    ARRAY,
    GRAPH
  }

  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    Map<String, byte[]> seeds = new TreeMap<>();
    for (String file :
        List.of(
            "numpy/stored.npz",
            "numpy/zip64.npz",
            "flax/float16",
            "flax/chunked",
            "dl4j/two-vivit.zip")) {
      seeds.put(Path.of(file).getFileName().toString(), input(Form.FILE, bytes(file)));
    }
    seeds.put("scenic", input(Form.FILE, bytes("numpy/expected.safetensors")));
    seeds.put("tensors", input(Form.TENSORS, bytes("transformers/float16/model.safetensors")));
    seeds.put("config", input(Form.CONFIG, bytes("transformers/float16/config.json")));
    seeds.put(
        "pixels",
        input(
            Form.PIXELS,
            "{\"do_rescale\":true,\"rescale_factor\":0.00784,\"offset\":true,\"do_normalize\":true,"
                + "\"image_mean\":[0.5,0.5,0.5],\"image_std\":[0.5,0.5,0.5]}"));
    seeds.put(
        "index", input(Form.INDEX, bytes("transformers/sharded/model.safetensors.index.json")));
    byte[] npz = bytes("numpy/stored.npz");
    seeds.put("array", input(Form.ARRAY, members(npz).get(ARRAY)));
    seeds.put("graph", input(Form.GRAPH, members(bytes("dl4j/two-vivit.zip")).get(GRAPH)));
    return seeds;
  }

  private static byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(WRITTEN.resolve(file));
  }

  private static Map<String, byte[]> members(byte[] zip) throws IOException {
    Map<String, byte[]> members = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        members.put(entry.getName(), in.readAllBytes());
      }
    }
    return members;
  }

  /** A zip with another content of one member. */
  private static byte[] zip(byte[] zip, String name, byte[] content) throws IOException {
    Map<String, byte[]> members = members(zip);
    assertThat(members.put(name, content)).isNotNull();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zipped = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zipped.putNextEntry(new ZipEntry(member.getKey()));
        zipped.write(member.getValue());
      }
    }
    return out.toByteArray();
  }

  /** Jazzer takes minutes to put its hooks into ND4J. */
  @Override
  protected List<String> options() {
    return List.of("--custom_hook_includes=vivit.**");
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof IOException && String.valueOf(e.getMessage()).startsWith("Cannot ");
  }

  @Override
  protected void read(byte[] input) throws IOException {
    byte[] content = content(input);
    switch (form(Form.class, input)) {
      case FILE -> open(write("file", content));
      case TENSORS -> open(copied(HUGGING_FACE, "model.safetensors", content));
      case CONFIG -> open(copied(HUGGING_FACE, "config.json", content));
      case PIXELS -> open(copied(HUGGING_FACE, "preprocessor_config.json", content));
      case INDEX -> open(copied(SHARDED, "model.safetensors.index.json", content));
      case ARRAY -> open(write("array.npz", zip(bytes("numpy/stored.npz"), ARRAY, content)));
      case GRAPH -> open(write("graph.zip", zip(bytes("dl4j/two-vivit.zip"), GRAPH, content)));
    }
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** A folder with its files, one of them with this content. */
  private Path copied(Path from, String name, byte[] content) throws IOException {
    Path copy = folder.resolve(from.getFileName());
    if (!Files.exists(copy)) {
      Files.createDirectory(copy);
    }
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.write(copy.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Files.deleteIfExists(copy.resolve("preprocessor_config.json"));
    Files.write(copy.resolve(name), content);
    return copy;
  }

  /** Reads all numbers, the whole model if it is one, and the beginning of another. */
  private static void open(Path place) throws IOException {
    try (TensorSource source = tensors(place)) {
      for (TensorEntry tensor : source.tensors()) {
        long elements = Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b);
        assertThat(source.floats(tensor.name())).hasSize((int) elements);
      }
      source.metadata();
    }
    for (Use use : List.<Use>of(WeightsFuzzTest::whole, WeightsFuzzTest::start)) {
      try {
        use.of(place);
      } catch (IOException unfit) { // an image model is no whole one, and others are too large
        assertThat(unfit).hasMessageStartingWith("Cannot ");
      }
    }
  }

  private interface Use {
    void of(Path place) throws IOException;
  }

  private static TensorSource tensors(Path place) throws IOException {
    return Models.tensors(CONF, new org.apache.hadoop.fs.Path(place.toUri()));
  }

  private static void whole(Path place) throws IOException {
    Models.open(CONF, place.toUri().toString(), NONE, Optional.of(CLIP)).source().close();
  }

  private static void start(Path place) throws IOException {
    float[] parameters = new float[(int) ParameterIndex.of(STARTED).length()];
    try (TensorSource source = tensors(place)) {
      Initialiser.initialise(
          source, STARTED, InitialisationOptions.defaults(), ParameterValues.of(parameters));
    }
  }

  /** Otherwise a search would end at the first difference. */
  @Test
  void theSeedsFitTheirUses() throws IOException {
    start(WRITTEN.resolve("numpy/stored.npz"));
    whole(WRITTEN.resolve("dl4j/two-vivit.zip"));
    whole(HUGGING_FACE);
  }
}
