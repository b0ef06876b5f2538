package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.fixture.TinyShardSet;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.ClipLabels.Label;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.storage.Sha256;

/** Sets with other heads than the default one, {@code label}. */
class ShardHeadsTest {
  private static final LabelHeads HEADS =
      new LabelHeads(
          List.of(
              new LabelHead(
                  "noun", Labelling.SINGLE_LABEL, LabelMap.of(List.of("cup", "knife", "tap"))),
              new LabelHead("mood", Labelling.MULTI_LABEL, LabelMap.of(List.of("calm", "wet")))));

  @TempDir Path folder;

  private static StoredClip clip(int i, ClipLabels labels) {
    StoredClip clip = TinyShardSet.clip(i);
    return new StoredClip(
        clip.clipId(),
        clip.videoId(),
        clip.view(),
        labels,
        clip.frames(),
        clip.height(),
        clip.width(),
        clip.pixels());
  }

  /** Clips 0, 1, 2: tap, calm and wet; cup; cup, wet. */
  private ShardSet write() throws IOException {
    List<ClipLabels> labels =
        List.of(
            HEADS.labels(List.of(List.of("tap"), List.of("wet", "calm"))),
            HEADS.labels(List.of(List.of("cup"), List.of())),
            HEADS.labels(List.of(List.of("cup"), List.of("wet"))));
    ShardSetBuilder set = ShardSetBuilder.of(header());
    for (int i = 0; i < 3; i++) {
      set.add(clip(i, labels.get(i)), TinyShardSet.origin(i));
    }
    return set.write(folder, Compression.NONE, 3);
  }

  private static ShardHeader header() {
    return new ShardHeader(
        "test 1.0", Purpose.EVALUATION, TinyShardSet.CLIP, HEADS, new TreeMap<>());
  }

  /** Changes with Parquet's version, which it names in its files; with nothing else. */
  @Test
  void oneDefaultHeadIsWrittenAsEver() throws IOException {
    TinyShardSet.write(folder, Compression.NONE, 3, 2);
    assertThat(sha256("part-00000.parquet"))
        .isEqualTo("8b67815794d6e099cd8ae41c7d7a6df9dc261bd639fb13c00964fed6a6c51487");
    assertThat(sha256("part-00001.parquet"))
        .isEqualTo("84c178390ce2e16586b117479726bd2f491c7466a76852c80c5caa3eafecaf56");
    assertThat(sha256("_manifest.json"))
        .isEqualTo("533ce12f4affb0286641b1dd4e0e4984e313968187185c69885fffd3577cc301");
  }

  private String sha256(String name) throws IOException {
    return Sha256.of(Files.readAllBytes(folder.resolve(name)));
  }

  @Test
  void everyClipComesBackWithAllItsLabels() throws IOException {
    ShardSet set = write();
    try (ShardReader reader = set.reader(0)) {
      assertThat(reader.read(0).labels())
          .isEqualTo(
              new ClipLabels(
                  List.of(
                      List.of(new Label(2, "tap")),
                      List.of(new Label(0, "calm"), new Label(1, "wet")))));
      assertThat(reader.read(1).labels().ids()).containsExactly(List.of(0), List.of());
      assertThat(reader.read(2).pixels()).isEqualTo(TinyShardSet.clip(2).pixels());
      assertThatThrownBy(() -> reader.read(0).label()).hasMessageContaining("has 3 labels");
      assertThat(reader.footer())
          .containsEntry("vivit.format-version", "2")
          .containsEntry("vivit.labels-hash", HEADS.hash())
          .doesNotContainKey("vivit.labels");
      assertThat(reader.footer().get("vivit.heads"))
          .startsWith("[{\"name\":\"noun\",\"labelling\":\"single-label\",\"labels_hash\":\"")
          .endsWith("\",\"labels\":[\"calm\",\"wet\"]}]");
    }
    assertThat(new ShardVerifier(set).verify(0)).containsExactly(2, 0, 1, 1, 2);
  }

  @Test
  void theManifestCountsTheClipsOfEveryHead() throws IOException {
    Manifest manifest = write().manifest();
    assertThat(manifest.formatVersion()).isEqualTo(2);
    assertThat(manifest.heads()).isEqualTo(HEADS);
    assertThat(manifest.labels()).containsExactly("cup", "knife", "tap", "calm", "wet");
    assertThat(manifest.clipsPerLabel()).containsExactly(2L, 0L, 1L, 1L, 2L);
    JsonNode json = new ObjectMapper().readTree(folder.resolve("_manifest.json").toFile());
    assertThat(json.has("labels")).isFalse();
    assertThat(json.get("labels_hash").asText()).isEqualTo(HEADS.hash());
    assertThat(json.get("heads").get(1).get("labelling").asText()).isEqualTo("multi-label");
    assertThat(json.get("heads").get(1).get("labels").get(1).toString())
        .isEqualTo("{\"id\":1,\"name\":\"wet\",\"clips\":2}");
  }

  @Test
  void theColumnsCarryTheNamesOfTheHeads() throws IOException {
    write();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate()) {
      List<Row> rows =
          spark
              .read()
              .parquet(folder.toString())
              .orderBy("clip_id")
              .select("noun_id", "noun_name", "mood_ids", "mood_names")
              .collectAsList();
      assertThat(rows.get(0).getInt(0)).isEqualTo(2);
      assertThat(rows.get(0).getString(1)).isEqualTo("tap");
      assertThat(rows.get(0).<Integer>getList(2)).containsExactly(0, 1);
      assertThat(rows.get(0).<String>getList(3)).containsExactly("calm", "wet");
      assertThat(rows.get(1).<Integer>getList(2)).isEmpty();
    }
  }

  @Test
  void refusesLabelsThatAreNotOfTheHeads() throws IOException {
    assertThatThrownBy(() -> writeOne(ClipLabels.of(1, "knife")))
        .hasMessageContaining("has labels of 1 heads, expected 2");
    assertThatThrownBy(() -> writeOne(labels(List.of(), List.of())))
        .hasMessageContaining("has 0 classes of noun, expected one");
    assertThatThrownBy(() -> writeOne(labels(List.of(new Label(3, "pan")), List.of())))
        .hasMessageContaining("has noun 3 of 3");
    assertThatThrownBy(() -> writeOne(labels(List.of(new Label(1, "tap")), List.of())))
        .hasMessageContaining("calls noun 1 \"tap\", the manifest \"knife\"");
    Label wet = new Label(1, "wet");
    assertThatThrownBy(() -> writeOne(labels(List.of(new Label(1, "knife")), List.of(wet, wet))))
        .hasMessageContaining("has mood 1 after 1, expected ascending ids");
  }

  private static ClipLabels labels(List<Label> nouns, List<Label> moods) {
    return new ClipLabels(List.of(nouns, moods));
  }

  private void writeOne(ClipLabels labels) throws IOException {
    ShardSetBuilder.of(header())
        .add(clip(0, labels), TinyShardSet.origin(0))
        .write(folder, Compression.NONE, 1);
  }
}
