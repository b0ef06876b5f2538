package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.HostileInput;
import vivit.dataprep.fixture.TinyShardSet;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.prepare.ShardResult.CutVideo;
import vivit.dataprep.prepare.UnfinishedRun.Adding;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.VideoList.ListedVideo;

/** Whatever the folder of an unfinished preparation holds, nothing outside it is touched. */
class HostileStateTest {
  private static final Configuration CONF = new Configuration();

  @TempDir Path folder;
  private FileSystem fs;
  private PreparingFolder preparing;
  private UnfinishedRun run;

  @BeforeEach
  void begin() throws IOException {
    fs = FileSystem.getLocal(CONF);
    preparing = new PreparingFolder(fs, path());
    ListedVideo video = new ListedVideo("a.mp4", "opening", TimeSpan.WHOLE, 4);
    run = preparing.begin(TinyShardSet.header(), List.of(video), Adding.NOTHING);
    Files.writeString(folder.resolve("part-00003.parquet"), "0123456789");
    PreparingFolder.write(fs, path(), result("part-00003.parquet", "a.mp4"));
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(folder.toUri());
  }

  private Path state(String name) {
    return folder.resolve("_preparing").resolve(name);
  }

  private ShardResult result(String shard, String video) {
    return new ShardResult(
        run.id(),
        new ShardFile(shard, 1, 10, "", 5, "ab"),
        List.of(new CutVideo(video, 1, Collections.emptySortedMap())),
        List.of(),
        List.of(),
        List.of(),
        List.of(new DecodeTiming("a.mp4", 1.5, 30, 20)));
  }

  @Test
  void resultsAreNamedAfterTheirShards() throws IOException {
    assertThat(preparing.results(run)).containsOnlyKeys(3);
    byte[] good = Files.readAllBytes(state("part-00003.json"));
    Files.write(state("part-00004.json"), good);
    assertThat(preparing.results(run)).containsOnlyKeys(3);
    String text = new String(good, StandardCharsets.UTF_8);
    for (String name : List.of("../part-00003.parquet", "/part-00003.parquet", "part-3.parquet")) {
      Files.writeString(state("part-00003.json"), text.replace("part-00003.parquet", name));
      assertThat(preparing.results(run)).isEmpty();
    }
    Files.write(state("part-00003.json"), result("part-00003.parquet", "other.mp4").toBytes());
    assertThat(preparing.results(run)).isEmpty();
  }

  @Test
  void hostileResultsAreMadeAgain() throws IOException {
    byte[] good = Files.readAllBytes(state("part-00003.json"));
    HostileInput.run(
        "results of shards",
        100,
        CorruptShardException.class,
        random -> {
          Files.write(state("part-00003.json"), HostileInput.bytes(good, random));
          assertThat(preparing.results(run)).hasSizeLessThan(2);
        });
  }

  @Test
  void hostilePlansAreRefused() throws IOException {
    for (String name : List.of("plan.json", "videos.jsonl")) {
      byte[] good = Files.readAllBytes(state(name));
      HostileInput.run(
          name,
          50,
          CorruptShardException.class,
          random -> {
            Files.write(state(name), HostileInput.bytes(good, random));
            preparing.read();
          });
      Files.write(state(name), good);
    }
    assertThat(preparing.read()).isEqualTo(run);
  }

  @Test
  void timingsAreReadOneByOne() throws IOException {
    Path file = folder.resolveSibling("_" + folder.getFileName() + ".timings.json");
    DecodeTimingsFile.write(
        fs, path(), List.of(new DecodeTiming("a", 1.5, 30, 20), new DecodeTiming("b", 2, 3, 4)));
    assertThat(DecodeTimingsFile.read(fs, path()).orElseThrow()).hasSize(2);
    byte[] good = Files.readAllBytes(file);
    HostileInput.run(
        "decode timings",
        100,
        IOException.class,
        random -> {
          Files.write(file, HostileInput.bytes(good, random));
          DecodeTimingsFile.read(fs, path());
        });
    StringBuilder many = new StringBuilder("{\"videos\":[");
    long most = Runtime.getRuntime().maxMemory() / 1024;
    for (long i = 0; i <= most; i++) {
      many.append("{},");
    }
    Files.writeString(file, many);
    assertThatThrownBy(() -> DecodeTimingsFile.read(fs, path()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("timings.json: it has more than " + most + " timings, expected");
    Files.delete(file);
  }
}
