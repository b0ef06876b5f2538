package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.fixture.TinyShardSet;

/** One test per column, as Spark SQL sees it. */
class ShardColumnsTest {
  @TempDir static Path folder;
  private static SparkSession spark;
  private static List<Row> rows;
  private static ShardSet set;

  @BeforeAll
  static void write() throws IOException {
    set = TinyShardSet.write(folder, Compression.ZSTD, 2, 2);
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    rows = spark.read().parquet(folder.toString()).orderBy("clip_id").collectAsList();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<Object> column(String name) {
    return rows.stream().<Object>map(row -> row.getAs(name)).toList();
  }

  @Test
  void theFolderIsOneTable() {
    assertThat(rows).hasSize(4);
    assertThat(rows.get(0).schema().fieldNames()).hasSize(23);
  }

  @Test
  void clipId() {
    assertThat(column("clip_id")).element(1).isEqualTo("videos/é 1.mp4:1");
  }

  @Test
  void videoId() {
    assertThat(column("video_id")).element(1).isEqualTo("videos/é 1.mp4");
  }

  @Test
  void view() {
    assertThat(column("view")).containsOnly(1);
  }

  @Test
  void purpose() {
    assertThat(column("purpose")).containsOnly("evaluation");
  }

  @Test
  void labelId() {
    assertThat(column("label_id")).containsExactly(0, 1, 2, 0);
  }

  @Test
  void labelName() {
    assertThat(column("label_name"))
        .containsExactly("opening", "closing", "Wave, \"big\"", "opening");
  }

  @Test
  void startFrame() {
    assertThat(column("start_frame")).containsExactly(17, 18, 19, 20);
  }

  @Test
  void stride() {
    assertThat(column("stride")).containsOnly(5);
  }

  @Test
  void framesPerSecond() {
    assertThat(column("frames_per_second")).containsOnly(12.5);
  }

  @Test
  void frameTimestamps() {
    double[] expected = TinyShardSet.origin(2).timestamps();
    assertThat(rows.get(2).<Double>getList(rows.get(2).fieldIndex("frame_timestamps")))
        .containsExactly(
            expected[0], expected[1], expected[2], expected[3], expected[4], expected[5]);
  }

  @Test
  void frames() {
    assertThat(column("frames")).containsOnly(6);
  }

  @Test
  void height() {
    assertThat(column("height")).containsExactly(11, 12, 13, 11);
  }

  @Test
  void width() {
    assertThat(column("width")).containsExactly(14, 13, 14, 13);
  }

  @Test
  void tubeletFrames() {
    assertThat(column("tubelet_frames")).containsOnly(2);
  }

  @Test
  void tubeletHeight() {
    assertThat(column("tubelet_height")).containsOnly(4);
  }

  @Test
  void tubeletWidth() {
    assertThat(column("tubelet_width")).containsOnly(4);
  }

  @Test
  void gridFrames() {
    assertThat(column("grid_frames")).containsOnly(3);
  }

  @Test
  void gridHeight() {
    assertThat(column("grid_height")).containsExactly(3, 3, 4, 3);
  }

  @Test
  void gridWidth() {
    assertThat(column("grid_width")).containsOnly(4);
  }

  @Test
  void sourceHeight() {
    assertThat(column("source_height")).containsOnly(48);
  }

  @Test
  void sourceWidth() {
    assertThat(column("source_width")).containsOnly(64);
  }

  @Test
  void sourceFrameRate() {
    assertThat(column("source_frame_rate")).containsOnly(29.97);
  }

  @Test
  void tubelets() {
    for (int i = 0; i < 4; i++) {
      StoredClip clip = TinyShardSet.clip(i);
      byte[] expected = new TubeletCutter(6, clip.height(), clip.width(), 2, 4).cut(clip.pixels());
      assertThat(rows.get(i).<byte[]>getAs("tubelets")).isEqualTo(expected);
    }
  }

  @Test
  void footer() throws IOException {
    try (ShardReader reader = set.reader(1)) {
      assertThat(reader.footer())
          .containsEntry("vivit.format-version", "1")
          .containsEntry("vivit.producer", "test 1.0")
          .containsEntry(
              "vivit.geometry",
              "{\"purpose\":\"evaluation\",\"frames\":6,\"stride\":5,\"frames_per_second\":12.5,"
                  + "\"short_side\":11,\"tubelet_frames\":2,\"patch\":4}")
          .containsEntry("vivit.labels", "[\"opening\",\"closing\",\"Wave, \\\"big\\\"\"]")
          .containsEntry("vivit.labels-hash", TinyShardSet.LABELS.hash())
          .containsEntry("vivit.config", "{\"seed\":\"7\"}");
      assertThat(reader.footer().get("vivit.clip-checksums")).matches("[0-9a-f]{8},[0-9a-f]{8}");
    }
  }
}
