package vivit.dataprep.inspect.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.ShardSet;

class ShardFactsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void saysWhatWasWritten(Compression compression) throws IOException {
    ShardSet set = InspectedSet.write(folder, compression, 3, 5);
    assertThat(ShardFacts.read(set, 0).clips()).hasSize(3);
    ShardFacts facts = ShardFacts.read(set, 1);
    assertThat(facts.problems()).isEmpty();
    assertThat(facts.clips()).hasSize(5);
    ClipFact fifth = facts.clips().get(1);
    assertThat(fifth.shard()).isEqualTo(1);
    assertThat(fifth.rowGroup()).isEqualTo(1);
    assertThat(fifth.classes()).containsExactly(2, 8);
    assertThat(fifth.start()).isEqualTo(4);
    assertThat(fifth.loops()).isTrue();
    assertThat(fifth.sourceHeight()).isEqualTo(48);
    assertThat(fifth.sourceWidth()).isEqualTo(64);
    assertThat(fifth.height()).isEqualTo(12);
    assertThat(fifth.width()).isEqualTo(14);
    assertThat(fifth.part()).isNaN();
    ClipFact fourth = facts.clips().get(0);
    assertThat(fourth.part()).isEqualTo(2.75);
    assertThat(fourth.sourceRate()).isZero();
    assertThat(fourth.span()).isEqualTo(2.0);
    assertThat(fourth.video()).isNotEqualTo(fifth.video());
    assertThat(facts.clips().get(2).video()).isEqualTo(fifth.video());
    assertThat(facts.clips().get(3).classes()).containsExactly(3);
    long tubelets = 6 * 12 * 16 * 3;
    assertThat(fifth.plainBytes()).isBetween(tubelets, tubelets + 100);
    if (compression == Compression.NONE) {
      assertThat(fifth.storedBytes()).isEqualTo(fifth.plainBytes());
    }
  }

  @Test
  void aFlippedByteIsToldOrWithoutEffect() throws IOException {
    ShardSet set = InspectedSet.write(folder, Compression.NONE, 2);
    List<ClipFact> good = ShardFacts.read(set, 0).clips();
    Path shard = folder.resolve("part-00000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    int told = 0;
    for (int at = 4; at < 2000; at += 13) {
      byte[] flipped = bytes.clone();
      flipped[at] = (byte) (flipped[at] ^ (1 << at % 8));
      Files.write(shard, flipped);
      ShardFacts facts = ShardFacts.read(set, 0);
      assertThat(facts.clips()).endsWith(good.get(1));
      if (facts.problems().isEmpty()) {
        assertThat(facts.clips()).as("byte %d", at).isEqualTo(good);
      } else {
        told++;
        assertThat(facts.problems().get(0)).contains("clip 0 (row group 0, byte 4)");
      }
    }
    assertThat(told).isGreaterThan(50);
  }

  @Test
  void damageAmongTheTubeletsIsSeenWithThePicture() throws IOException {
    ShardSet set = InspectedSet.write(folder, Compression.NONE, 3);
    Path shard = folder.resolve("part-00000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[(int) set.manifest().shards().get(0).footerOffset() / 2] ^= 1; // in the second clip
    Files.write(shard, bytes);
    assertThat(ShardFacts.read(set, 0).problems()).isEmpty();
    ShardPictures pictures =
        ShardPictures.read(
            set, List.of(new ClipPlace(0, 0), new ClipPlace(0, 1), new ClipPlace(0, 2)));
    assertThat(pictures.pictures()).hasSize(2);
    assertThat(pictures.problems()).hasSize(1);
    assertThat(pictures.problems().get(0)).contains("clip 1 (row group 1").contains("checksum");
  }

  @Test
  void aMissingShardIsAProblem() throws IOException {
    ShardSet set = InspectedSet.write(folder, Compression.NONE, 2, 2);
    Files.delete(folder.resolve("part-00001.parquet"));
    assertThat(ShardFacts.read(set, 0).problems()).isEmpty();
    ShardFacts facts = ShardFacts.read(set, 1);
    assertThat(facts.clips()).isEmpty();
    assertThat(facts.problems()).hasSize(1);
    assertThat(facts.problems().get(0)).contains("it is missing");
  }
}
