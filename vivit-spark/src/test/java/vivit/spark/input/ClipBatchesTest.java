package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.source.LabelHeads;
import vivit.dataprep.source.LabelMap;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;
import vivit.spark.train.TinyShards;

class ClipBatchesTest {
  private static final StepValues VALUES =
      new StepValues(0.1, Map.of(Strength.SCALE_JITTER, 1.0, Strength.FLIP, 0.5));

  @TempDir Path folder;
  private final ExecutorService reader = Executors.newSingleThreadExecutor();
  private ClipSource source;

  @BeforeEach
  void open() throws IOException {
    TinyShards.write(folder, 12);
    source =
        new ClipSource(
            ShardSet.open(new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration()));
  }

  @AfterEach
  void close() throws IOException {
    reader.shutdownNow();
    source.close();
  }

  @Test
  void readsClipsByTheirPositionInTheWholeSet() throws InterruptedException {
    List<TokenBatch> read = batches(0, order(0, 11, 0, 5), order(1), order(2, 4), order(3, 9, 10));

    assertThat(read.stream().map(TokenBatch::ids))
        .containsExactly(
            List.of("clip-11", "clip-0", "clip-5"),
            List.of("clip-4"),
            List.of("clip-9", "clip-10"));
    assertThat(read.get(0).labels())
        .extracting(labels -> labels.ids().get(0).get(0))
        .containsExactly(2, 0, 2);
    assertThat(read.get(2).order().step()).isEqualTo(3);
  }

  @Test
  void aClipIsTheSameInWhateverBatch() throws InterruptedException {
    TokenBatch together = batches(0, order(0, 3, 7)).get(0);
    TokenBatch alone = batches(0, order(5, 7)).get(0);
    TokenBatch otherSeed = batches(1, order(5, 7)).get(0);
    int values = alone.tokens().length;

    assertThat(java.util.Arrays.copyOfRange(together.tokens(), values, 2 * values))
        .isEqualTo(alone.tokens())
        .isNotEqualTo(otherSeed.tokens());
  }

  @Test
  void aDamagedShardSurfacesWithItsName() throws IOException {
    Path shard = folder.resolve("part-00001.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[100] ^= 1;
    Files.write(shard, bytes);

    assertThatThrownBy(() -> batches(0, order(0, 0), order(1, 5)))
        .hasMessageContaining("part-00001.parquet")
        .hasMessageContaining("clip 0");
  }

  private static StepOrder order(long step, int... clips) {
    return new StepOrder(step, 0, new StepPiece(clips, 0, 1), VALUES);
  }

  private List<TokenBatch> batches(long seed, StepOrder... orders) throws InterruptedException {
    List<TokenBatch> read = new ArrayList<>();
    try (ClipBatches batches =
        new ClipBatches(
            source,
            new ClipAugmenter(
                new ClipTokens(new ClipShape(4, 8, 8), new Tubelet(2, 4, 4)),
                new Augmentation(0.9, 1.33, FlipDirection.MIRROR, 0),
                new Mirroring(
                    FlipDirection.MIRROR,
                    LabelHeads.of(LabelMap.of(List.of("left", "right", "up")))),
                seed),
            List.of(orders),
            reader)) {
      while (batches.hasNext()) {
        read.add(batches.next());
      }
    }
    return read;
  }
}
