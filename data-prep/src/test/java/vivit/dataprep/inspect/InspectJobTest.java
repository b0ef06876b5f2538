package vivit.dataprep.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.InspectShards;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.inspect.statistics.InspectedSet;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.CorruptShardException;

class InspectJobTest {
  private static JavaSparkContext sc;

  @TempDir Path temp;

  @BeforeAll
  static void start() {
    sc = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  private InspectReport inspect(String... more) throws IOException {
    String[] args = {
      temp.resolve("set").toString(),
      "--out",
      temp.resolve("out").toString(),
      "--json=" + temp.resolve("figures.json")
    };
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return InspectJob.run(sc, InspectOptions.parse(all));
  }

  private JsonNode figures() throws IOException {
    byte[] json = Files.readAllBytes(temp.resolve("figures.json"));
    assertThat(Files.readAllBytes(temp.resolve("out/statistics.json"))).isEqualTo(json);
    return new ObjectMapper().readTree(json);
  }

  private List<String> written() throws IOException {
    try (var entries = Files.list(temp.resolve("out"))) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aGoodSet() throws IOException {
    InspectedSet.write(temp.resolve("set"), Compression.ZSTD, 7, 9, 1);
    DecodeTimingsFile.write(
        FileSystem.getLocal(new Configuration()),
        new org.apache.hadoop.fs.Path(temp.resolve("set").toUri()),
        List.of(new DecodeTiming("a", 1.5, 30, 2000)));
    InspectReport report = inspect("--clips", "5", "--seed", "3");
    assertThat(report.isGood()).isTrue();
    assertThat(report.text())
        .contains("17 training clips", "Pixels of 5 random clips", "Decode times");
    assertThat(written())
        .containsExactly(
            "by-class.png", "index.html", "random.png", "statistics.json", "tubelets.png");
    assertThat(ImageIO.read(temp.resolve("out/tubelets.png").toFile())).isNotNull();
    JsonNode figures = figures();
    assertThat(figures.path("clips").asInt()).isEqualTo(17);
    assertThat(figures.path("readable_clips").asInt()).isEqualTo(17);
    assertThat(figures.path("heads").size()).isEqualTo(2);
    assertThat(figures.path("decoding").path("frames").asInt()).isEqualTo(30);
    assertThat(figures.path("pixels").path("red").path("mean").asDouble()).isBetween(120.0, 135.0);

    Path page = temp.resolve("out/index.html");
    byte[] first = Files.readAllBytes(page);
    inspect("--clips", "5", "--seed", "3");
    assertThat(Files.readAllBytes(page)).isEqualTo(first);
    inspect("--clips=0", "--classes=0");
    assertThat(written()).containsExactly("index.html", "statistics.json");
  }

  @Test
  void oneClip() throws IOException {
    InspectedSet.write(temp.resolve("set"), Compression.NONE, 1);
    assertThat(inspect().isGood()).isTrue();
    assertThat(written()).contains("random.png", "tubelets.png");
  }

  @Test
  void aSetWithoutClips() throws IOException {
    InspectedSet.write(temp.resolve("set"), Compression.NONE);
    InspectReport report = inspect();
    assertThat(report.isGood()).isTrue();
    assertThat(report.text()).contains("0 training clips", "3 videos left out");
    assertThat(written()).containsExactly("index.html", "statistics.json");
  }

  @Test
  void aDamagedSetIsShownAsFarAsItGoes() throws IOException {
    InspectedSet.write(temp.resolve("set"), Compression.NONE, 4, 4, 4);
    Path truncated = temp.resolve("set/part-00001.parquet");
    byte[] bytes = Files.readAllBytes(truncated);
    Files.write(truncated, Arrays.copyOf(bytes, bytes.length / 2));
    Path corrupt = temp.resolve("set/part-00002.parquet");
    byte[] flipped = Files.readAllBytes(corrupt);
    for (int i = 4; i < 300; i++) {
      flipped[i] = (byte) new Random(i).nextInt();
    }
    Files.write(corrupt, flipped);
    InspectReport report = inspect();
    assertThat(report.isGood()).isFalse();
    assertThat(report.text())
        .contains("Damage", "part-00001.parquet: it is truncated")
        .contains("part-00002.parquet: clip 0 (row group 0, byte 4)");
    assertThat(figures().path("readable_clips").asInt()).isEqualTo(7);
    assertThat(figures().path("problems").size()).isEqualTo(2);
    assertThat(written()).contains("random.png", "index.html");
  }

  @Test
  void whatAFailedPreparationLeft() throws IOException {
    InspectedSet.write(temp.resolve("set"), Compression.NONE, 2);
    Files.delete(temp.resolve("set/_manifest.json"));
    InspectReport report = inspect();
    assertThat(report.isGood()).isFalse();
    assertThat(report.text()).contains("is not a finished shard set", "3 videos left out");
    assertThat(written()).containsExactly("index.html", "statistics.json");
  }

  @Test
  void nothingToInspect() throws IOException {
    Files.createDirectories(temp.resolve("set"));
    assertThatThrownBy(this::inspect)
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("is not a finished shard set");
    assertThat(temp.resolve("out")).doesNotExist();
    Files.createDirectories(temp.resolve("out"));
    Files.writeString(temp.resolve("out/mine.txt"), "mine");
    assertThatThrownBy(this::inspect).hasMessageContaining("is not empty (1 entries");
  }

  @Test
  void commandLine() {
    assertThat(InspectOptions.parse("hdfs://n/a/set").out().toString())
        .startsWith("file:")
        .endsWith("/set-inspection");
    assertThatThrownBy(() -> InspectOptions.parse())
        .isInstanceOf(UsageException.class)
        .hasMessage("found 0 arguments, expected one folder");
    assertThatThrownBy(() -> InspectOptions.parse("a", "--cips", "3"))
        .hasMessage(
            "found option --cips, expected one of [classes, clips, json, out, per-class, seed]");
    assertThatThrownBy(() -> InspectOptions.parse("a", "--clips", "many"))
        .hasMessage("found --clips many, expected a number from 0 to 10000");
    assertThatThrownBy(() -> InspectOptions.parse("a", "--json"))
        .hasMessage("--json needs a value");
    assertThatThrownBy(() -> InspectOptions.parse("a", "--seed=1", "--seed=2"))
        .hasMessage("--seed is given twice");
    assertThat(InspectShards.run("--help")).isZero();
    assertThat(InspectShards.run()).isEqualTo(2);
  }
}
