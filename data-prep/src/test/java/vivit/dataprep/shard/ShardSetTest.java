package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.fixture.TinyShardSet;

class ShardSetTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void readsInAnyOrderWhatWasWritten(Compression compression) throws IOException {
    ShardSet set = TinyShardSet.write(folder, compression, 3, 2);

    assertThat(set.shards()).isEqualTo(2);
    assertThat(set.clips(1)).isEqualTo(2);
    assertThat(set.clips()).isEqualTo(5);
    try (ShardReader reader = set.reader(0)) {
      for (int i : new int[] {2, 0, 1, 2}) {
        assertThat(reader.read(i)).usingRecursiveComparison().isEqualTo(TinyShardSet.clip(i));
        assertThat(reader.columns(i).origin())
            .usingRecursiveComparison()
            .isEqualTo(TinyShardSet.origin(i));
      }
    }
    try (ShardReader reader = set.reader(1)) {
      assertThat(reader.read(1)).usingRecursiveComparison().isEqualTo(TinyShardSet.clip(4));
    }
  }
}
