package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShardReaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void clipsComeBackInAnyOrder(Compression compression) throws IOException {
    ShardSet set = TinyShardSet.write(folder, compression, 2, 4);
    ClipBuffer memory = new ClipBuffer();
    try (ShardReader reader = set.reader(1)) {
      for (int i : new int[] {3, 0, 2, 2, 1}) {
        StoredClip clip = reader.read(i, memory);
        StoredClip written = TinyShardSet.clip(2 + i);
        assertThat(clip).usingRecursiveComparison().isEqualTo(written).isEqualTo(reader.read(i));
        assertThat(reader.origin(i))
            .usingRecursiveComparison()
            .isEqualTo(TinyShardSet.origin(2 + i));
        assertThat(reader.tubelets(i, memory).tubelets())
            .isEqualTo(
                java.nio.ByteBuffer.wrap(
                    reader.tubelets(i, memory).cutter().cut(written.pixels())));
      }
    }
  }

  @Test
  void tubeletsAreASliceOfTheBuffer() throws IOException {
    ShardSet set = TinyShardSet.write(folder, Compression.NONE, 2);
    ClipBuffer memory = new ClipBuffer();
    try (ShardReader reader = set.reader(0)) {
      TubeletClip first = reader.tubelets(0, memory);
      byte before = first.tubelets().get(0);
      memory.stored(1 << 10).put(first.tubelets().position(), new byte[1 << 10]);

      assertThat(first.tubelets().isDirect()).isTrue();
      assertThat(before).isNotZero();
      assertThat(first.tubelets().get(0)).isZero();
    }
  }

  @Test
  void pixelsAreTheBuffersWhereOneIsGiven() throws IOException {
    ShardSet set = TinyShardSet.write(folder, Compression.NONE, 4);
    ClipBuffer memory = new ClipBuffer();
    try (ShardReader reader = set.reader(0)) {
      byte[] first = reader.read(0, memory).pixels();

      assertThat(reader.read(0, memory).pixels()).isSameAs(first);
      assertThat(reader.read(0).pixels()).isNotSameAs(reader.read(0).pixels());
    }
  }

  @Test
  void aShardOpensAgainWithoutItsFooter() throws IOException {
    ShardSet set = TinyShardSet.write(folder, Compression.NONE, 3);
    ShardIndex index;
    try (ShardReader reader = set.reader(0)) {
      index = reader.index();
    }
    Path shard = folder.resolve("part-00000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    int footer = (int) set.manifest().shards().get(0).footerOffset();
    bytes[footer] ^= 1;
    Files.write(shard, bytes);
    try (ShardReader again = set.reader(0, index)) {
      assertThat(again.read(2).pixels()).isEqualTo(TinyShardSet.clip(2).pixels());
    }

    Files.write(shard, java.util.Arrays.copyOf(bytes, footer / 2));
    try (ShardReader again = set.reader(0, index)) {
      assertThatThrownBy(() -> again.read(2))
          .isInstanceOf(CorruptShardException.class)
          .hasMessageMatching(".*: it is truncated, it ends before byte \\d+ of \\d+; copy or.*");
    }
    Files.delete(shard);
    assertThatThrownBy(() -> set.reader(0, index))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("it is missing");
  }
}
