package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.evaluate.ClipScorer;
import vivit.spark.evaluate.Prediction;
import vivit.spark.evaluate.VideoScore;

/** Stored clips of 7 frames for a model of 4, from videos to predictions. */
class LongerClipsTest {
  private static final int STORED = 7;
  private static final int MODEL = 4;
  private static final int MIDDLE = 1; // frames 1 to 4 of 0 to 6

  @TempDir static Path folder;
  private static List<VideoScore> scores;

  @BeforeAll
  static void prepareTrainAndEvaluate() throws Exception {
    String csv = "path,label\n0.avi,a\n1.avi,b\n2.avi,a\n3.avi,b\n4.avi,a\n";
    TinyPipeline videos = new TinyPipeline(folder, 5);
    String[] longer = {"prepare.frames=" + STORED, "prepare.tubelet-frames=1"};
    videos.prepare("train", csv, longer);
    videos.prepare("test", csv, longer[0], longer[1], "prepare.purpose=evaluation");
    videos.train("train", "train.epochs=3");
    scores = videos.evaluate("test").scores();
  }

  /** The views are cut by hand to the model's length. */
  @Test
  void evaluationScoresTheMiddleFrames() throws Exception {
    Checkpoint model = model();
    SlicedVector parameters = model.evaluated(1 << 20);
    ShardSet shards = ShardSet.open(path("shards/test"), new Configuration());
    Map<String, double[]> expected = new HashMap<>();
    try (ClipScorer scorer = new ClipScorer(model.config(), parameters::copyTo)) {
      for (int shard = 0; shard < shards.shards(); shard++) {
        try (ShardReader reader = shards.reader(shard)) {
          for (int clip = 0; clip < reader.clips(); clip++) {
            StoredClip stored = reader.read(clip);
            assertThat(stored.frames()).isEqualTo(STORED);
            double[] sum = expected.computeIfAbsent(stored.videoId(), id -> new double[2]);
            for (float[][] view : scorer.logits(List.of(middle(stored)), 3)) {
              sum[0] += view[0][0] / 6; // 2 views of 3 crops
              sum[1] += view[0][1] / 6;
            }
          }
        }
      }
    }
    assertThat(scores).hasSize(5);
    for (VideoScore score : scores) {
      assertThat(score.views()).isEqualTo(6);
      assertThat(score.heads().get(0).logits())
          .containsExactly(expected.get(score.video()), within(1e-5));
    }
  }

  private static StoredClip middle(StoredClip clip) {
    int frame = clip.height() * clip.width() * 3;
    return new StoredClip(
        clip.clipId(),
        clip.videoId(),
        clip.view(),
        clip.labels(),
        MODEL,
        clip.height(),
        clip.width(),
        Arrays.copyOfRange(clip.pixels(), MIDDLE * frame, (MIDDLE + MODEL) * frame));
  }

  @Test
  void predictionScoresTheSameFrames() throws Exception {
    Prediction found =
        Predict.predict(
            Predict.Request.parse(
                folder.resolve("run").toString(),
                folder.resolve("3.avi").toString(),
                "predict.clips=2",
                "predict.crops=3"),
            new Configuration());

    VideoScore evaluated =
        scores.stream().filter(score -> score.video().contains("3")).findFirst().orElseThrow();
    assertThat(found.score().heads().get(0).logits())
        .containsExactly(evaluated.heads().get(0).logits(), within(1e-5));
  }

  private static Checkpoint model() throws Exception {
    return CheckpointStore.open(new Configuration(), path("run"));
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
