package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.Region;
import vivit.dataprep.fixture.TinyShardSet;

class ShardReaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void clipsComeBackInAnyOrder(Compression compression) throws IOException {
    ShardSet set = TinyShardSet.write(folder, compression, 2, 4);
    ClipBuffer memory = new ClipBuffer();
    try (ShardReader reader = set.reader(1)) {
      for (int i : new int[] {3, 0, 2, 2, 1}) {
        TubeletClip clip = reader.tubelets(i, memory);
        StoredClip written = TinyShardSet.clip(2 + i);
        assertThat(clip.tubelets()).isEqualTo(ByteBuffer.wrap(clip.cutter().cut(written.pixels())));
        assertThat(clip.assembled()).usingRecursiveComparison().isEqualTo(written);
        assertThat(reader.read(i)).usingRecursiveComparison().isEqualTo(written);
        assertSameClip(clip, written);
        ClipColumns columns = reader.columns(i);
        assertThat(columns.origin())
            .usingRecursiveComparison()
            .isEqualTo(TinyShardSet.origin(2 + i));
        assertThat(columns.labels()).isEqualTo(written.labels());
        assertThat(columns.videoId()).isEqualTo(written.videoId());
        assertThat(columns.view()).isEqualTo(written.view());
        assertThat(columns.height()).isEqualTo(written.height());
        assertThat(columns.width()).isEqualTo(written.width());
      }
    }
  }

  /** Whatever a clip's pixels are in, its parts are the same. */
  private static void assertSameClip(Clip found, StoredClip expected) {
    assertThat(found.clipId()).isEqualTo(expected.clipId());
    assertThat(found.videoId()).isEqualTo(expected.videoId());
    assertThat(found.view()).isEqualTo(expected.view());
    assertThat(found.labels()).isEqualTo(expected.labels());
    assertThat(found.frames()).isEqualTo(expected.frames());
    Region region = new Region(1, found.frames() - 1, 1, 2, found.height() - 1, found.width() - 3);
    byte[] part = new byte[region.bytes()];
    byte[] expectedPart = new byte[region.bytes()];
    found.copy(region, part);
    expected.copy(region, expectedPart);
    assertThat(part).isEqualTo(expectedPart);
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
  void aClipPutTogetherHasPixelsOfItsOwn() throws IOException {
    ShardSet set = TinyShardSet.write(folder, Compression.NONE, 4);
    try (ShardReader reader = set.reader(0)) {
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

    Files.write(shard, Arrays.copyOf(bytes, footer / 2));
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
