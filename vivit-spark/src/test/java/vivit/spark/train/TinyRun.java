package vivit.spark.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTGraph;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.config.Experiment;
import vivit.spark.train.TrainingDriver.TrainingReport;

/** Runs of a tiny factorised encoder on {@link TinyTrainingSet}, with every regulariser on. */
final class TinyRun {
  private static final List<String> MODEL =
      List.of(
          "model.preset=null",
          "model.width=12",
          "model.attention-heads=3",
          "model.mlp-width=20",
          "model.spatial-layers=2",
          "model.temporal-layers=1",
          "model.clip.frames=4",
          "model.clip.height=8",
          "model.clip.width=8",
          "model.tubelet.height=4",
          "model.tubelet.width=4");
  private static final List<String> TRAINING =
      List.of(
          "train.epochs=3",
          "train.batch-size=6",
          "train.averaging.every=2",
          "train.learning-rate.base=0.05",
          "train.learning-rate.warmup=0.5 epochs",
          "train.mixup=0.3",
          "train.drop-path=0.3",
          "train.label-smoothing=linear 0.0 to 0.2 from 0 epochs until 2 epochs",
          "train.rand-augment.layers=2",
          "train.rand-augment.magnitude=5 at 0 epochs, 15 at 4 steps",
          "train.random-erasing=cosine 0.0 to 0.5 from 0 epochs until 3 epochs",
          "train.flip-direction=swap",
          "train.checkpoint.every=3 steps");

  private final Path shards;
  private final Path run;
  private final List<String> keys = new ArrayList<>(MODEL);

  TinyRun(Path shards, Path run, int workers, String... keys) {
    this.shards = shards;
    this.run = run;
    this.keys.addAll(TRAINING);
    this.keys.add("train.workers=" + workers);
    this.keys.addAll(List.of("train.shards=" + shards.toUri(), "train.run=" + run.toUri()));
    this.keys.addAll(List.of(keys));
  }

  Path shards() {
    return shards;
  }

  Experiment experiment() {
    StrictConfig config = config();
    Experiment experiment = Experiment.read(config);
    config.check();
    return experiment;
  }

  /** The configuration, without having been read. */
  StrictConfig config() {
    return StrictConfig.load(keys.toArray(String[]::new));
  }

  ShardSet shardSet() throws IOException {
    return ShardSet.open(path(shards), new Configuration());
  }

  Manifest manifest() throws IOException {
    return shardSet().manifest();
  }

  TrainingReport train() throws IOException {
    return train(Long.MAX_VALUE);
  }

  /** Trains until a step, as a driver would that is killed there. */
  TrainingReport train(long lastStep) throws IOException {
    return new TrainingDriver(TrainingSpark.context(), experiment(), manifest()).run(lastStep);
  }

  /** The parameters before the first step. */
  float[] startingPoint() throws IOException {
    Experiment experiment = experiment();
    return ViViTGraph.create(
            experiment.model().withHeads(manifest().heads()), experiment.training().seed())
        .params()
        .toFloatVector();
  }

  ViViTConfig model() throws IOException {
    return checkpoint().config();
  }

  /** What an evaluation of the run would load. */
  float[] parameters() throws IOException {
    Checkpoint checkpoint = checkpoint();
    return checkpoint.evaluated(Math.toIntExact(checkpoint.parameterCount())).slice(0);
  }

  private Checkpoint checkpoint() throws IOException {
    return CheckpointStore.open(new Configuration(), path(run));
  }

  static org.apache.hadoop.fs.Path path(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
