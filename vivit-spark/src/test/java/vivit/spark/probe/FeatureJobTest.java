package vivit.spark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.FlatSource;
import vivit.model.dl4j.LayerActivations;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.spark.evaluate.ClipViews;
import vivit.spark.input.ClipTokens;
import vivit.spark.model.Model;
import vivit.spark.probe.FeatureFile.Features;
import vivit.spark.train.TrainingSpark;

/** Features on Spark against passes of single views through the network. */
class FeatureJobTest {
  private static final int CLIPS = 43;
  private static final LabelHeads HEADS = LabelHeads.of(LabelMap.of(List.of("a", "b", "c")));
  private static final ViViTConfig CONFIG =
      new ViViTConfig(
          new ClipShape(4, 8, 8),
          new Tubelet(2, 4, 4),
          12,
          3,
          20,
          new FactorisedEncoder(1, 2),
          Readout.TOKEN,
          0,
          List.of(new Head("output_projection", 7)));
  private static final List<String> BOTH = List.of(FeatureFile.REPRESENTATION, FeatureFile.TOKENS);

  @TempDir Path folder;
  private final List<StoredClip> clips = new ArrayList<>();
  private final float[] parameters = parameters();
  private ShardSet shards;

  @BeforeEach
  void writeShards() throws IOException {
    ShardSetBuilder set =
        ShardSetBuilder.of(Purpose.EVALUATION, new ClipSettings(5, 1, 0, 9, 1, 4), HEADS);
    Random random = new Random(3);
    for (int i = 0; i < CLIPS; i++) {
      byte[] pixels = new byte[5 * 9 * 11 * 3];
      random.nextBytes(pixels);
      clips.add(
          new StoredClip(
              "clip-" + i,
              "video-" + i / 2,
              i % 2,
              i / 2 % 3,
              "abc".substring(i / 2 % 3, i / 2 % 3 + 1),
              5,
              9,
              11,
              pixels));
    }
    clips.forEach(set::add);
    shards = set.writeShardsOf(7, folder.resolve("shards"));
  }

  @Test
  void representationsAndTokensAreThoseOfAPlainForwardPass() throws IOException {
    job("features", 3, BOTH).run();
    try (FeatureSet set = open("features")) {
      List<Features> rows = set.rows(List.of(FeatureFile.REPRESENTATION));
      assertThat(rows).hasSize(CLIPS * 3);
      assertThat(set.manifest().tokens()).isEqualTo(3); // two time indices and the learned token
      for (int row : new int[] {128, 0, 64, 65, 1, 127, 100}) { // in any order
        StoredClip clip = clips.get(row / 3);
        Features found = rows.get(row);
        assertThat(found.video()).isEqualTo(clip.videoId());
        assertThat(found.clip()).isEqualTo(clip.view());
        assertThat(found.crop()).isEqualTo(row % 3);
        assertThat(found.labels()).isEqualTo(List.of(List.of(clip.label())));
        Map<String, float[]> layers = LayerActivations.of(CONFIG, parameters, tokens(row));
        assertThat(found.representation()).containsExactly(layers.get("pre_head"), within(1e-5f));
        float[] last = layers.get("TemporalTransformer/encoderblock_1");
        assertThat(set.tokens(row)).containsExactly(normalised(last), within(1e-5f));
      }
    }
  }

  @Test
  void filesAreTheSameWhenComputedAgainAndOnlyTheyAreThere() throws IOException {
    job("one", 1, BOTH).run();
    job("two", 1, BOTH).run();
    List<String> names = names("one");
    assertThat(names).hasSize(4).contains("_features.json", "part-00002.parquet");
    for (String name : names) {
      assertThat(Files.readAllBytes(folder.resolve("two").resolve(name)))
          .isEqualTo(Files.readAllBytes(folder.resolve("one").resolve(name)));
    }
  }

  @Test
  void anInterruptedJobIsDoneAgainAndLeavesNothing() throws IOException {
    Files.createDirectories(folder.resolve("features"));
    Files.writeString(folder.resolve("features/part-00777.parquet"), "of another program");
    Files.writeString(folder.resolve("features/notes.txt"), "mine");
    FeatureJob job = job("features", 1, List.of(FeatureFile.REPRESENTATION));
    assertThat(job.done()).isFalse();
    job.run();
    assertThat(job.done()).isTrue();
    assertThat(names("features"))
        .contains("notes.txt", "part-00000.parquet")
        .doesNotContain("part-00777.parquet");
  }

  @Test
  void refusesDamagedFilesAndNewerFormats() throws IOException {
    job("features", 1, BOTH).run();
    Path part = folder.resolve("features/part-00001.parquet");
    byte[] bytes = Files.readAllBytes(part);
    byte[] changed = bytes.clone();
    changed[40] ^= 1;
    Files.write(part, changed);
    try (FeatureSet set = open("features")) {
      assertThatThrownBy(
              () -> {
                set.rows(List.of(FeatureFile.REPRESENTATION));
                for (int row = 0; row < CLIPS; row++) {
                  set.tokens(row);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("if it is damaged, delete");
    }
    Files.write(part, Arrays.copyOf(bytes, bytes.length - 1));
    try (FeatureSet set = open("features")) {
      assertThatThrownBy(() -> set.tokens(20))
          .hasMessageContaining("%d bytes, expected %d".formatted(bytes.length - 1, bytes.length));
    }
    Path manifest = folder.resolve("features/_features.json");
    String json = Files.readString(manifest);
    Files.writeString(manifest, json.replace("\"format_version\" : 1", "\"format_version\" : 2"));
    assertThatThrownBy(() -> open("features"))
        .hasMessageContaining("format version 2, expected at most 1");
    Files.writeString(manifest, json.substring(0, json.length() / 2));
    assertThatThrownBy(() -> job("features", 1, BOTH).run())
        .hasMessageContaining("_features.json: it is damaged");
  }

  @Test
  void onlyHeadsDoNotCountForTheModelsChecksum() throws IOException {
    String sha = model(parameters).sha256();
    float[] head = parameters.clone();
    head[head.length - 1] += 1;
    float[] encoder = parameters.clone();
    encoder[(int) ParameterIndex.backbone(CONFIG).length() - 1] += 1;
    assertThat(model(head).sha256()).isEqualTo(sha);
    assertThat(model(encoder).sha256()).isNotEqualTo(sha);
  }

  private float[] tokens(int row) {
    ClipTokens shape = new ClipTokens(CONFIG);
    float[] all = new float[3 * shape.values()];
    new ClipViews(CONFIG, 3).write(clips.get(row / 3), FloatBuffer.wrap(all));
    int from = row % 3 * shape.values();
    return Arrays.copyOfRange(all, from, from + shape.values());
  }

  /** The final layer norm of every token. */
  private float[] normalised(float[] tokens) {
    float[] scale = parameter("TemporalTransformer/encoder_norm/scale");
    float[] shift = parameter("TemporalTransformer/encoder_norm/bias");
    float[] normalised = tokens.clone();
    Standardisation.normaliseTokens(normalised, 12);
    for (int i = 0; i < normalised.length; i++) {
      normalised[i] = normalised[i] * scale[i % 12] + shift[i % 12];
    }
    return normalised;
  }

  private float[] parameter(String name) {
    Parameter parameter = ParameterIndex.of(CONFIG).parameter(name);
    int from = (int) parameter.offset();
    return Arrays.copyOfRange(parameters, from, from + (int) parameter.length());
  }

  private static float[] parameters() {
    Random random = new Random(17);
    float[] values = new float[(int) ParameterIndex.of(CONFIG).length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.3f * (float) random.nextGaussian();
    }
    return values;
  }

  private static FrozenModel model(float[] parameters) throws IOException {
    try (Model model =
        new Model(CONFIG, HEADS, FlatSource.of("memory", ParameterIndex.of(CONFIG), parameters))) {
      return FrozenModel.of("memory", model);
    }
  }

  private FeatureJob job(String name, int crops, List<String> columns) throws IOException {
    return new FeatureJob(
        TrainingSpark.context(),
        model(parameters),
        shards,
        path(name),
        crops,
        columns,
        6,
        List.of("memory", "shards"));
  }

  private FeatureSet open(String name) throws IOException {
    return FeatureSet.open(path(name), new Configuration(), HEADS);
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  private List<String> names(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
