package vivit.spark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;
import vivit.dataprep.video.VideoWriter;
import vivit.spark.evaluate.Evaluation;
import vivit.spark.train.LocalSpark;

/** From noisy videos and a CSV file to an evaluation, through the doors that users take. */
public final class TinyVideos {
  private static final int SIDE = 32;
  private static final int FRAMES = 12;
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
  public TinyVideos(Path folder, int count) throws IOException {
    this.folder = folder;
    Random random = new Random(5);
    for (int video = 0; video < count; video++) {
      try (OutputStream out =
              new BufferedOutputStream(Files.newOutputStream(folder.resolve(video + ".avi")));
          VideoWriter writer =
              new VideoWriter(out, VideoWriter.VideoFormat.MPEG4_AVI, SIDE, SIDE, 10)) {
        for (int frame = 0; frame < FRAMES; frame++) {
          byte[] pixels = new byte[SIDE * SIDE * 3];
          random.nextBytes(pixels);
          for (int i = 0; i < pixels.length; i++) {
            int colour = i % 3 == 0 ? 35 * (video % 7) : i % 3 == 1 ? 110 * (video % 3) : 0;
            pixels[i] = (byte) ((pixels[i] & 0x1f) + colour);
          }
          writer.write(pixels);
        }
      }
    }
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
    PrepareJob.run(LocalSpark.context(), prepare);
  }

  /** Trains {@code run} on a set. */
  void train(String set, String... keys) throws IOException {
    Train.run(
        LocalSpark.context(),
        config(
            List.of(
                "train.shards=" + folder.resolve("shards/" + set),
                "train.run=" + folder.resolve("run")),
            keys));
  }

  /** Evaluates {@code run} on a set; the files go to {@code evaluation}. */
  Evaluation evaluate(String set) throws IOException {
    return Evaluate.run(
        LocalSpark.context(),
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
