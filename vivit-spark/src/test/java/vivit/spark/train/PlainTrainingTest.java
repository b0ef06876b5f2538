package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.ShardSet;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTGraph;
import vivit.spark.config.TrainingSettings;
import vivit.spark.input.ClipAugmenter;
import vivit.spark.input.ClipSource;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.ClipUse;
import vivit.spark.input.EpochPlan;
import vivit.spark.input.Mirroring;
import vivit.spark.schedule.StepValues;

/**
 * One worker without what DL4J lacks (clipping, mixup, scheduled drop path) is DL4J's plain fit.
 */
class PlainTrainingTest {
  private static final int CLIPS = 11;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneWorkerEqualsFit(int repeats) throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), CLIPS);
    TinyRun run =
        new TinyRun(
            folder.resolve("shards"),
            folder.resolve("run"),
            1,
            "train.repeats=" + repeats,
            "train.max-gradient-norm=0",
            "train.mixup=0",
            "train.drop-path=0",
            "train.label-smoothing=0");

    run.train();

    float[] plain = fit(run);
    float[] start = run.startingPoint();
    // heads and loss are computed by DL4J there and by the engine here, hence the rounding
    assertThat(run.parameters()).usingComparatorWithPrecision(1e-6f).containsExactly(plain);
    assertThat(start).usingComparatorWithPrecision(1e-3f).isNotEqualTo(plain);
  }

  private static float[] fit(TinyRun run) throws IOException {
    TrainingSettings settings = run.experiment().training();
    ViViTConfig model = run.experiment().model().withHeads(run.manifest().heads());
    ComputationGraph graph = ViViTGraph.create(model, settings.seed());
    EpochPlan.PlanKey key =
        new EpochPlan.PlanKey(settings.seed(), CLIPS, settings.batchSize() / settings.repeats(), 1);
    ShardSet shards = ShardSet.open(TinyRun.path(run.shards()), new Configuration());
    try (ClipSource source = new ClipSource(shards)) {
      for (long step = 0; step < (long) key.steps() * settings.epochs(); step++) {
        int epoch = (int) (step / key.steps());
        int[] clips = EpochPlan.of(key, epoch).clips((int) (step % key.steps()));
        StepValues values = settings.values(step, key.steps());
        graph.setLearningRate(values.learningRate());
        graph.fit(batch(model, settings, shards, source, clips, epoch, values));
      }
    }
    return graph.params().toFloatVector();
  }

  private static DataSet batch(
      ViViTConfig model,
      TrainingSettings settings,
      ShardSet shards,
      ClipSource source,
      int[] clips,
      int epoch,
      StepValues values)
      throws IOException {
    ClipAugmenter augmenter =
        new ClipAugmenter(
            new ClipTokens(model.clip(), model.tubelet()),
            settings.augmentation(),
            new Mirroring(settings.augmentation().flipDirection(), shards.manifest().heads()),
            settings.seed());
    int rows = clips.length * settings.repeats();
    float[] x = new float[rows * augmenter.values()];
    FloatBuffer room = FloatBuffer.wrap(x);
    float[][] y = new float[rows][model.heads().get(0).classes()];
    for (int i = 0; i < rows; i++) {
      int position = clips[i / settings.repeats()];
      Clip clip = source.read(position, new ClipBuffer());
      ClipUse use = new ClipUse(epoch, position, i % settings.repeats());
      ClipLabels labels = augmenter.write(clip, use, values, room);
      y[i][labels.ids().get(0).get(0)] = 1;
    }
    return new DataSet(
        Nd4j.createFromArray(x).reshape(rows, model.grid().tokens(), model.tubelet().values()),
        Nd4j.createFromArray(y));
  }
}
