package vivit.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;
import vivit.spark.evaluate.Evaluation;
import vivit.spark.train.TrainingSpark;

/** From noisy videos and a CSV file to an evaluation, through the doors that users take. */
final class TinyPipeline {
  private static final List<String> KEYS =
      List.of(
          "prepare.frames=4",
          "prepare.stride=1",
          "prepare.frames-per-second=10",
          "prepare.short-side=0",
          "prepare.views=2",
          "prepare.patch=8",
          "model.preset=null",
          "model.width=12",
          "model.attention-heads=3",
          "model.mlp-width=20",
          "model.spatial-layers=1",
          "model.temporal-layers=1",
          "model.clip.frames=4",
          "model.clip.height=16",
          "model.clip.width=16",
          "model.tubelet.height=8",
          "model.tubelet.width=8",
          "train.epochs=6",
          "train.batch-size=4",
          "train.workers=2",
          "train.learning-rate.base=0.3",
          "train.learning-rate.warmup=1 step",
          "train.mixup=0.3",
          "evaluate.crops=3");

  private final Path folder;

  /** Writes {@code count} videos, {@code 0.avi} and so on, noisy and in different colours. */
  TinyPipeline(Path folder, int count) throws IOException {
    this.folder = folder;
    TestVideos.writeNoise(folder, count);
  }

  /** Prepares {@code shards/<set>} from a CSV text. */
  void prepare(String set, String csv, String... keys) throws IOException {
    Files.writeString(folder.resolve(set + ".csv"), csv);
    StrictConfig config =
        config(
            List.of(
                "prepare.input=" + folder.resolve(set + ".csv"),
                "prepare.output=" + folder.resolve("shards/" + set)),
            keys);
    PrepareConfig prepare = PrepareConfig.read(config);
    config.check();
    PrepareJob.run(TrainingSpark.context(), prepare);
  }

  /** Trains {@code run} on a set. */
  void train(String set, String... keys) throws IOException {
    Train.run(
        TrainingSpark.context(),
        config(
            List.of(
                "train.shards=" + folder.resolve("shards/" + set),
                "train.run=" + folder.resolve("run")),
            keys));
  }

  /** Evaluates {@code run} on a set; the files go to {@code evaluation}. */
  Evaluation evaluate(String set) throws IOException {
    return Evaluate.run(
        TrainingSpark.context(),
        config(
            List.of(
                "evaluate.shards=" + folder.resolve("shards/" + set),
                "evaluate.run=" + folder.resolve("run"),
                "evaluate.output=" + folder.resolve("evaluation"))));
  }

  private static StrictConfig config(List<String> places, String... keys) {
    List<String> all = new ArrayList<>(KEYS);
    all.addAll(places);
    all.addAll(List.of(keys));
    return StrictConfig.load(all.toArray(String[]::new));
  }
}
