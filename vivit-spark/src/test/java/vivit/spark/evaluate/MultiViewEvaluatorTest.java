package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.model.Head;
import vivit.model.ModelDescription;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.checkpoint.VectorFiles;
import vivit.spark.train.TrainingSpark;

class MultiViewEvaluatorTest {
  private static final List<String> LABELS = List.of("a", "b", "c", "d", "e", "f", "g");
  private static final int[] VIEWS = {2, 2, 3, 1, 2, 2, 2}; // clips of each video; 14 in all
  private static final ViViTConfig MODEL =
      new ViViTConfig(
          new ClipShape(4, 8, 8),
          new Tubelet(2, 4, 4),
          12,
          3,
          20,
          new FactorisedEncoder(1, 1),
          Readout.TOKEN,
          0,
          List.of(new Head("output_projection", LABELS.size())));

  @TempDir static Path folder;
  private static List<StoredClip> clips;

  @BeforeAll
  static void writeShardsAndCheckpoint() throws Exception {
    clips = clips();
    shards("shards", LABELS, Purpose.EVALUATION);
    shards("relabelled", List.of("a", "b", "c", "d", "x", "f", "g"), Purpose.EVALUATION);
    shards("training", LABELS, Purpose.TRAINING);
    checkpoint();
  }

  @Test
  void isTheSameToTheBitOnAnyPartitioning() throws Exception {
    ShardSet shards = ShardSet.open(path("shards"), new Configuration());
    MultiViewEvaluator evaluator =
        new MultiViewEvaluator(TrainingSpark.context(), settings("shards", 3, 9));
    Evaluation one = evaluator.evaluate(shards, 1);
    for (int partitions : new int[] {2, 5}) {
      Evaluation other = evaluator.evaluate(shards, partitions);
      assertThat(other.report().json()).isEqualTo(one.report().json());
      for (int i = 0; i < one.scores().size(); i++) {
        assertThat(other.scores().get(i).video()).isEqualTo(one.scores().get(i).video());
        assertThat(logits(other.scores().get(i))).isEqualTo(logits(one.scores().get(i)));
      }
    }
    assertThat(one.report().metrics().videos()).isEqualTo(VIEWS.length);
    assertThat(one.report().metrics().views()).isEqualTo(14 * 3);
  }

  @Test
  void agreesWithScoringEveryViewAlone() throws Exception {
    List<VideoScore> scores =
        new MultiViewEvaluator(TrainingSpark.context(), settings("shards", 3, 9))
            .evaluate()
            .scores();
    SlicedVector parameters = parameters();
    Map<String, double[]> sums = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    try (ClipScorer scorer = new ClipScorer(MODEL, parameters::copyTo)) {
      for (StoredClip clip : clips) {
        for (float[][] heads : scorer.logits(List.of(clip), 3)) {
          double[] sum = sums.computeIfAbsent(clip.videoId(), id -> new double[LABELS.size()]);
          for (int k = 0; k < sum.length; k++) {
            sum[k] += heads[0][k];
          }
          counts.merge(clip.videoId(), 1, Integer::sum);
        }
      }
    }
    assertThat(scores).hasSize(VIEWS.length);
    for (VideoScore score : scores) {
      assertThat(score.views()).isEqualTo(counts.get(score.video()));
      for (int k = 0; k < LABELS.size(); k++) {
        double expected = sums.get(score.video())[k] / score.views();
        assertThat(logits(score)[k]).isCloseTo(expected, offset(1e-5));
      }
    }
    assertThat(logits(scores.get(0))[0]).isNotEqualTo(logits(scores.get(1))[0]);
  }

  @Test
  void writesBothFilesAndNothingElse() throws Exception {
    Path output = folder.resolve("evaluation");
    new MultiViewEvaluator(TrainingSpark.context(), settings("shards", 1, 4))
        .evaluate()
        .write(path("evaluation"), new Configuration());
    try (var files = Files.list(output)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("metrics.json", "predictions.parquet");
    }
  }

  @Test
  void refusesOtherLabelsAndTrainingShards() {
    assertThatThrownBy(
            () ->
                new MultiViewEvaluator(TrainingSpark.context(), settings("relabelled", 1, 4))
                    .evaluate())
        .hasMessageContaining("1 only in the shards: \"x\"; 1 only in the checkpoint: \"e\"");
    assertThatThrownBy(
            () ->
                new MultiViewEvaluator(TrainingSpark.context(), settings("training", 1, 4))
                    .evaluate())
        .hasMessageContaining("cut for training");
  }

  private static double[] logits(VideoScore score) {
    return score.heads().get(0).logits();
  }

  private static EvaluationSettings settings(String shards, int crops, int batchSize) {
    return new EvaluationSettings(
        path(shards).toString(), path("run").toString(), "unused", crops, batchSize);
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  private static List<StoredClip> clips() {
    Random random = new Random(3);
    List<StoredClip> clips = new ArrayList<>();
    for (int view = 0; view < 3; view++) { // so that a video's clips lie apart
      for (int video = 0; video < VIEWS.length; video++) {
        if (view < VIEWS[video]) {
          byte[] pixels = new byte[4 * 9 * 11 * 3];
          random.nextBytes(pixels);
          clips.add(
              new StoredClip(
                  "clip-" + video + "-" + view,
                  "video-" + video,
                  view,
                  video % LABELS.size(),
                  LABELS.get(video % LABELS.size()),
                  4,
                  9,
                  11,
                  pixels));
        }
      }
    }
    return clips;
  }

  private static void shards(String name, List<String> labels, Purpose purpose) throws Exception {
    ShardSetBuilder set =
        ShardSetBuilder.of(
            purpose, new ClipSettings(4, 1, 0, 9, 2, 4), LabelHeads.of(LabelMap.of(labels)));
    clips.forEach(clip -> set.add(called(clip, labels)));
    set.writeShardsOf(5, folder.resolve(name));
  }

  private static StoredClip called(StoredClip clip, List<String> labels) {
    return new StoredClip(
        clip.clipId(),
        clip.videoId(),
        clip.view(),
        clip.label(),
        labels.get(clip.label()),
        clip.frames(),
        clip.height(),
        clip.width(),
        clip.pixels());
  }

  private static SlicedVector parameters() {
    long length = ParameterIndex.of(MODEL).length();
    float[] values = new float[(int) length];
    Random random = new Random(17);
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.3f * (float) random.nextGaussian();
    }
    SlicedVector vector = new SlicedVector(length, (int) length);
    vector.slice(0, values);
    return vector;
  }

  private static void checkpoint() throws Exception {
    FileSystem fs = path("run").getFileSystem(new Configuration());
    long length = ParameterIndex.of(MODEL).length();
    VectorFiles.write(
        new CheckpointStore(fs, path("run")),
        new CheckpointState(
            CheckpointState.FORMAT_VERSION,
            7,
            0,
            7,
            10,
            10,
            0,
            1,
            1.5,
            ModelDescription.of(MODEL),
            LABELS,
            LabelMap.of(LABELS).hash(),
            "",
            new ClipSettings(4, 1, 0, 9, 2, 4),
            "",
            Map.of(),
            null),
        Map.of(
            Checkpoint.PARAMETERS,
            parameters(),
            Checkpoint.MOMENTUM,
            new SlicedVector(length, (int) length)));
  }
}
