package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.spark.input.ClipSource;

class ClipClassesTest {
  private static final int CLIPS = 17;

  @TempDir Path folder;
  private ShardSet shards;

  @BeforeEach
  void write() throws IOException {
    TinyTrainingSet.write(folder, CLIPS, List.of("up", "down", "still"));
    shards = ShardSet.open(TinyRun.path(folder), new Configuration());
  }

  @Test
  void theyAreThoseOfTheClipsByPosition() throws IOException {
    int[] found = read();

    int[] expected = new int[CLIPS];
    try (ClipSource source = new ClipSource(shards)) {
      for (int clip = 0; clip < CLIPS; clip++) {
        expected[clip] = source.read(clip, new ClipBuffer()).labels().ids().get(0).get(0);
      }
    }
    assertThat(found).isEqualTo(expected).contains(0, 1, 2);
  }

  @Test
  void aDamagedShardIsNamed() throws IOException {
    Path shard = folder.resolve("part-00002.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(bytes, bytes.length - 1));

    assertThatThrownBy(() -> FailedJob.unwrapped(this::read))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("part-00002.parquet");
  }

  private int[] read() throws IOException {
    Manifest manifest = shards.manifest();
    return ClipClasses.read(TrainingSpark.context(), folder.toUri().toString(), manifest);
  }
}
