package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.ShardSet;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.spark.input.ClipAugmenter.Augmentation;
import vivit.spark.input.ClipBatches.TokenBatch;
import vivit.spark.input.Mirroring.FlipDirection;
import vivit.spark.input.StepOrder.StepPiece;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

class ClipBatchesTest {
  private static final ClipTokens TOKENS =
      new ClipTokens(new ClipShape(4, 8, 8), new Tubelet(2, 4, 4));
  private static final StepValues VALUES =
      new StepValues(
          0.1,
          Map.of(
              Strength.SCALE_JITTER, 0.7,
              Strength.FLIP, 0.5,
              Strength.COLOUR_JITTER, 0.5,
              Strength.RANDOM_ERASING, 0.5));

  @TempDir Path folder;
  private ClipSource source;

  /** A batch whose numbers stay. */
  private record Kept(long step, List<String> ids, List<Integer> labels, FloatBuffer tokens) {}

  @BeforeEach
  void open() throws IOException {
    TinyTrainingSet.write(folder, 12);
    source =
        new ClipSource(
            ShardSet.open(new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration()));
  }

  @AfterEach
  void close() throws IOException {
    source.close();
  }

  @Test
  void readsClipsByTheirPositionInTheWholeSet() throws Exception {
    List<Kept> read = read(0, 2, order(0, 11, 0, 5), order(1), order(2, 4), order(3, 9, 10));

    assertThat(read.stream().map(Kept::ids))
        .containsExactly(
            List.of("clip-11", "clip-0", "clip-5"),
            List.of("clip-4"),
            List.of("clip-9", "clip-10"));
    assertThat(read.get(0).labels()).containsExactly(2, 0, 2);
    assertThat(read.get(2).step()).isEqualTo(3);
  }

  @Test
  void aClipIsTheSameInWhateverBatch() throws Exception {
    FloatBuffer together = read(0, 1, order(0, 3, 7)).get(0).tokens();
    FloatBuffer alone = read(0, 1, order(5, 7)).get(0).tokens();
    FloatBuffer otherSeed = read(1, 1, order(5, 7)).get(0).tokens();

    assertThat(together.slice(alone.limit(), alone.limit()))
        .isEqualTo(alone)
        .isNotEqualTo(otherSeed);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void theNumberOfThreadsChangesNothing(int threads) throws Exception {
    StepOrder[] orders = new StepOrder[30];
    for (int step = 0; step < orders.length; step++) {
      int[] clips = new int[1 + step % 5];
      for (int i = 0; i < clips.length; i++) {
        clips[i] = (7 * step + 5 * i) % 12;
      }
      orders[step] = order(step, clips);
    }

    assertThat(read(3, threads, orders)).isEqualTo(read(3, 1, orders));
  }

  /** The first repeat is the clip without repeats; the others are what the augmenter makes. */
  @Test
  void everyRepeatIsAugmentedAnew() throws Exception {
    Kept plain = read(3, 1, order(0, 4, 11)).get(0);
    Kept repeated = read(3, 2, 3, order(0, 4, 11)).get(0);

    assertThat(repeated.ids())
        .containsExactly("clip-4", "clip-4", "clip-4", "clip-11", "clip-11", "clip-11");
    assertThat(repeated.labels()).containsExactly(1, 1, 1, 2, 2, 2);
    ClipAugmenter augmenter = augmenter(3);
    int values = TOKENS.values();
    List<FloatBuffer> rows = new ArrayList<>();
    for (int row = 0; row < 6; row++) {
      int clip = row < 3 ? 4 : 11;
      float[] expected = new float[values];
      augmenter.write(
          source.read(clip, new ClipBuffer()),
          new ClipUse(0, clip, row % 3),
          VALUES,
          FloatBuffer.wrap(expected));
      rows.add(repeated.tokens().slice(row * values, values));
      assertThat(rows.get(row)).isEqualTo(FloatBuffer.wrap(expected));
    }
    assertThat(rows).doesNotHaveDuplicates();
    assertThat(rows.get(0)).isEqualTo(plain.tokens().slice(0, values));
    assertThat(rows.get(3)).isEqualTo(plain.tokens().slice(values, values));
  }

  /** A clip drawn a second time in an epoch goes on where its first repeats ended. */
  @Test
  void aClipDrawnAgainIsAugmentedAnew() throws Exception {
    StepPiece twice = new StepPiece(new int[] {4, 4}, new int[] {0, 1}, 0, 1);
    Kept drawn = read(3, 1, new StepOrder(0, 0, twice, VALUES)).get(0);

    assertThat(drawn.tokens()).isEqualTo(read(3, 1, 2, order(0, 4)).get(0).tokens());
  }

  @Test
  void whatWasReadAheadIsUsedIfItIsWhatTheNextRoundNeeds() throws Exception {
    List<Kept> expected = read(0, 1, order(0, 1), order(1, 2, 3), order(2, 4), order(3, 5, 6));
    List<Kept> found = new ArrayList<>();
    try (ReadAhead ahead = new ReadAhead(TOKENS.shape(), 2);
        ClipBatches batches = new ClipBatches(source, () -> augmenter(0), ahead, 1)) {
      assertThat(batches.isAheadFor(List.of(order(0, 1)))).isFalse();

      batches.begin(List.of(order(0, 1)), List.of(order(1, 2, 3), order(2, 4)));
      takeAll(batches, found);
      assertThat(batches.isAheadFor(List.of(order(1, 2, 3), order(2, 4)))).isTrue();
      assertThat(batches.isAheadFor(List.of(order(1, 2, 7)))).isFalse();

      batches.begin(List.of(order(1, 2, 3), order(2, 4), order(3, 5, 6)), List.of(order(4, 7)));
      takeAll(batches, found);
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void anotherRoundThanExpectedIsReadAnew() throws Exception {
    List<Kept> expected = read(0, 1, order(0, 1), order(0, 1), order(5, 8, 9));
    List<Kept> found = new ArrayList<>();
    try (ReadAhead ahead = new ReadAhead(TOKENS.shape(), 2);
        ClipBatches batches = new ClipBatches(source, () -> augmenter(0), ahead, 1)) {
      batches.begin(List.of(order(0, 1)), List.of(order(1, 2, 3)));
      takeAll(batches, found);
      batches.begin(List.of(order(0, 1)), List.of(order(1, 2, 3))); // a round tried again
      takeAll(batches, found);
      batches.begin(List.of(order(5, 8, 9)), List.of());
      takeAll(batches, found);
      assertThat(batches.readSecondsPerClip()).isPositive();
      assertThat(batches.augmentSecondsPerClip()).isPositive();
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void aDamagedShardSurfacesWithItsNameWhereItsBatchWouldHaveBeen() throws Exception {
    Path shard = folder.resolve("part-00001.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[100] ^= 1;
    Files.write(shard, bytes);

    try (ReadAhead ahead = new ReadAhead(TOKENS.shape(), 3);
        ClipBatches batches = new ClipBatches(source, () -> augmenter(0), ahead, 1)) {
      batches.begin(List.of(order(0, 0), order(1, 1, 5), order(2, 2)), List.of());
      assertThat(batches.next().ids()).containsExactly("clip-0");
      assertThatThrownBy(batches::next)
          .hasMessageContaining("part-00001.parquet")
          .hasMessageContaining("clip 0");
      assertThat(batches.next().ids()).containsExactly("clip-2");
    }
  }

  private static StepOrder order(long step, int... clips) {
    return new StepOrder(step, 0, new StepPiece(clips, 0, 1), VALUES);
  }

  private List<Kept> read(long seed, int threads, StepOrder... orders) throws Exception {
    return read(seed, threads, 1, orders);
  }

  private List<Kept> read(long seed, int threads, int repeats, StepOrder... orders)
      throws Exception {
    List<Kept> read = new ArrayList<>();
    try (ReadAhead ahead = new ReadAhead(TOKENS.shape(), threads);
        ClipBatches batches = new ClipBatches(source, () -> augmenter(seed), ahead, repeats)) {
      batches.begin(List.of(orders), List.of());
      takeAll(batches, read);
    }
    return read;
  }

  private static void takeAll(ClipBatches batches, List<Kept> into) throws Exception {
    while (batches.hasNext()) {
      TokenBatch batch = batches.next();
      into.add(
          new Kept(
              batch.order().step(),
              batch.ids(),
              batch.labels().stream().map(labels -> labels.ids().get(0).get(0)).toList(),
              FloatBuffer.wrap(batch.tokens().dup().data().asFloat())));
    }
  }

  private static ClipAugmenter augmenter(long seed) {
    return new ClipAugmenter(
        TOKENS,
        new Augmentation(
            0.9,
            1.33,
            new ResizedCrop(0, 1),
            FlipDirection.MIRROR,
            new RandAugment(RandAugment.AugmentRule.REFERENCE, 1, 0)),
        new Mirroring(
            FlipDirection.MIRROR, LabelHeads.of(LabelMap.of(List.of("left", "right", "up")))),
        seed);
  }
}
