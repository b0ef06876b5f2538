package vivit.dataprep.inspect.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.inspect.statistics.ClipFact;
import vivit.dataprep.inspect.statistics.ClipSelection;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.inspect.statistics.InspectedSet;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.inspect.statistics.ShardFacts;
import vivit.dataprep.inspect.statistics.ShardPictures;
import vivit.dataprep.prepare.Damage;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.ShardSet;

/** An inspection of a set with a damaged file ends and names that file. */
class FuzzedSetTest {
  private static final int ROUNDS = 20;
  private static final Configuration CONF = new Configuration();

  @TempDir Path temp;

  private org.apache.hadoop.fs.Path set() {
    return new org.apache.hadoop.fs.Path(temp.resolve("set").toUri());
  }

  /** Everything that inspecting reads and says, but the images. */
  private Inspection inspect() throws IOException {
    FileSystem fs = FileSystem.getLocal(CONF);
    ShardSet set;
    try {
      set = ShardSet.open(set(), CONF);
    } catch (CorruptShardException e) {
      return Inspection.withoutSet(
          "set", ManifestFile.readQuarantine(fs, set()).orElseThrow(), e.getMessage());
    }
    List<String> problems = new ArrayList<>(set.listProblems());
    Optional<List<DecodeTiming>> timings = Optional.empty();
    try {
      timings = DecodeTimingsFile.read(fs, set());
    } catch (IOException e) {
      problems.add(e.getMessage());
    }
    List<ClipFact> clips = new ArrayList<>();
    for (int shard = 0; shard < set.shards(); shard++) {
      ShardFacts facts = ShardFacts.read(set, shard);
      clips.addAll(facts.clips());
      problems.addAll(facts.problems());
      problems.addAll(
          ShardPictures.read(set, List.of(new ClipPlace(shard, set.clips(shard) - 1))).problems());
    }
    SetStatistics statistics = SetStatistics.of(set.manifest(), clips, timings, 0);
    return new Inspection(
        "set",
        Optional.of(new Inspection.Described(set.manifest(), statistics)),
        statistics.quarantine(),
        new ClipSelection(List.of(), Map.of()),
        Map.of(),
        problems);
  }

  private void damage(Path file, Manifest manifest) throws IOException {
    byte[] good = Files.readAllBytes(file);
    String name = file.getFileName().toString();
    int seen = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Files.write(file, Damage.of(good, new Random(seed)));
      Inspection inspection = inspect();
      if (!inspection.isGood()) {
        seen++;
        assertThat(StatisticsText.of(inspection)).as("%s, seed %d", name, seed).contains(name);
      } else { // such as damage among tubelets that were not drawn, or of no meaning
        assertThat(inspection.set().orElseThrow().manifest()).isEqualTo(manifest);
      }
    }
    assertThat(seen).as(name).isGreaterThan(ROUNDS / 2);
    Files.write(file, good);
  }

  @Test
  void damageIsNamed() throws IOException {
    Manifest manifest = InspectedSet.write(temp.resolve("set"), Compression.ZSTD, 3, 4).manifest();
    Path timings =
        Files.writeString(
            temp.resolve("_set.timings.json"),
            "{\"videos\":[{\"video\":\"a\",\"seconds\":1.5,\"frames\":30,\"bytes\":20}]}");
    assertThat(inspect().isGood()).isTrue();
    for (String name : List.of("_manifest.json", "_quarantine.json", "part-00001.parquet")) {
      damage(temp.resolve("set").resolve(name), manifest);
    }
    damage(timings, manifest);
    assertThat(inspect().isGood()).isTrue();
  }
}
