package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.fixture.TinyShardSet;

class CorruptShardTest {
  private static final int CLIPS = 3;

  @TempDir Path folder;
  private ShardSet set;
  private Path shard;
  private byte[] good;
  private long[] starts;

  @BeforeEach
  void write() throws IOException {
    set = TinyShardSet.write(folder, Compression.NONE, CLIPS);
    shard = folder.resolve("part-00000.parquet");
    good = Files.readAllBytes(shard);
    try (ShardReader reader = set.reader(0)) {
      starts = LongStream.range(0, CLIPS).map(i -> reader.offset((int) i)).toArray();
    }
  }

  private void readAll() throws IOException {
    try (ShardReader reader = set.reader(0)) {
      for (int i = 0; i < reader.clips(); i++) {
        reader.read(i);
      }
    }
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      int length = i < 20 ? i : i < 40 ? good.length - (i - 19) : random.nextInt(good.length);
      Files.write(shard, Arrays.copyOf(good, length));
      assertThatThrownBy(this::readAll)
          .isInstanceOf(CorruptShardException.class)
          .hasMessageContaining("part-00000.parquet: it is truncated, " + length + " bytes")
          .hasMessageContaining("the manifest says " + good.length);
    }
  }

  @Test
  void everyFlippedBitIsRefusedWithItsPlace() throws IOException {
    ShardFile file = set.manifest().shards().get(0);
    Random random = new Random(2);
    for (int i = 0; i < 250; i++) {
      int at = i < 50 ? good.length - 1 - i : 4 + random.nextInt(good.length - 4);
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(shard, bad);
      assertThatThrownBy(this::readAll)
          .as("byte %d", at)
          .isInstanceOf(CorruptShardException.class)
          .hasMessageMatching(
              at >= file.footerOffset()
                  ? "(?s).*its footer \\(byte " + file.footerOffset() + "\\) has checksum .*"
                  : "(?s).*: clip \\d \\(row group \\d\\) \\(byte "
                      + start(at)
                      + "\\) has checksum"
                      + " [0-9a-f]{8}, expected [0-9a-f]{8}; prepare this shard again");
    }
  }

  @Test
  void verifyingSeesEveryFlippedBit() throws IOException {
    ShardVerifier verifier = new ShardVerifier(set);
    for (int at = 0; at < 4; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(shard, bad);
      assertThatThrownBy(() -> verifier.verify(0))
          .isInstanceOf(CorruptShardException.class)
          .hasMessageContaining("part-00000.parquet: it begins with ")
          .hasMessageContaining(", expected 50415231; prepare this shard again");
    }
    Files.write(shard, good);
    assertThat(verifier.verify(0)).containsExactly(1, 1, 1);
  }

  @Test
  void aLongerFileIsRefused() throws IOException {
    Files.write(shard, Arrays.copyOf(good, good.length + 3));
    assertThatThrownBy(this::readAll)
        .hasMessageContaining("it is corrupt, " + (good.length + 3) + " bytes where the manifest");
  }

  @Test
  void aMissingFileIsRefused() throws IOException {
    Files.delete(shard);
    assertThatThrownBy(this::readAll)
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("it is missing, the manifest lists it with 3 clips");
  }

  @Test
  void aFlippedBitOfAColumnIsRefusedWithoutTheTubelets() throws IOException {
    ShardIndex index;
    ClipColumns whole;
    try (ShardReader reader = set.reader(0)) {
      index = reader.index();
      whole = reader.columns(1);
    }
    int start = (int) index.start(1);
    int tubelets = start + index.bytesBeforeTubelets(1);
    int refused = 0;
    for (int at = start; at < tubelets + 30; at += 9) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << at % 8);
      Files.write(shard, bad);
      try (ShardReader reader = set.reader(0)) {
        ClipColumns found = reader.columns(1);
        assertThat(found.videoId()).isEqualTo(whole.videoId());
        assertThat(found.labels()).isEqualTo(whole.labels());
        assertThat(found.origin().timestamps()).isEqualTo(whole.origin().timestamps());
        assertThat(found.origin().sourceWidth()).isEqualTo(whole.origin().sourceWidth());
      } catch (CorruptShardException e) {
        assertThat(e).hasMessageContaining("clip 1 (row group 1, byte " + start + ") ");
        assertThat(at).isLessThan(tubelets);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan((tubelets - start) / 36);
  }

  @Test
  void aRowGroupThatIsNotThereIsRefused() throws IOException {
    try (ShardReader reader = set.reader(0)) {
      assertThatThrownBy(() -> reader.columns(-1)).hasMessageContaining("0 to 2, not -1");
      assertThatThrownBy(() -> reader.read(3)).hasMessageContaining("has row groups 0 to 2, not 3");
    }
  }

  /** First byte of the row group that a byte belongs to. */
  private long start(int at) {
    return Arrays.stream(starts).filter(start -> start <= at).max().orElseThrow();
  }
}
