package vivit.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Visible;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoClips;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.evaluate.ClipScorer;
import vivit.spark.evaluate.Prediction;
import vivit.spark.evaluate.VideoScore;
import vivit.spark.evaluate.VideoScore.ViewLogits;
import vivit.spark.model.ClipTensor;
import vivit.spark.model.Model;
import vivit.spark.model.Models;

/**
 * Prints the top classes of one video file or of one clip tensor. A video's clips are cut with the
 * settings of the training shards, which the checkpoint holds. Runs in this JVM, without a Spark
 * job.
 */
public final class Predict {
  private static final Set<String> OPTIONS = Set.of("json", "clip", "checkpoint");
  private static final Command COMMAND =
      new Command(
          """
          vivit predict <run or checkpoint> <video> [--json FILE] [key=value ...]
          vivit predict --checkpoint MODEL --clip clip.safetensors [--json FILE] [config] [key=value ...]

          Prints the top classes of a video, or of a clip: a safetensors file with one tensor
          [T, H, W, 3], uint8, or floats in [-1, 1], of the model's size. MODEL is a run, a
          checkpoint, a Hugging Face folder, a DL4J zip or another checkpoint; one that does not
          describe its model may need a configuration (section model). The JSON has all logits at
          full precision.
          """,
          List.of("predict", "model", "describe"));

  private Predict() {}

  /** {@code <run or checkpoint> <video> [--json FILE] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, () -> predict(args));
  }

  /** Runs the command; does not end the JVM. */
  static void predict(String... args) throws IOException {
    Arguments arguments = Arguments.parse(OPTIONS, args);
    StrictConfig config = arguments.load();
    Request request = Request.read(arguments, config);
    Configuration conf = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    Prediction prediction =
        request.tensor() ? clip(request, arguments, conf) : predict(request, conf);
    Command.print(prediction.table(request.top()));
    if (request.json().isPresent()) {
      Path file = new Path(request.json().get());
      byte[] json = prediction.json(request.top());
      AtomicFile.write(OpenFileSystem.of(file, conf), file, out -> out.write(json));
    }
  }

  /**
   * A request for a prediction.
   *
   * @param run run folder, checkpoint or other model
   * @param video video file, or clip tensor
   * @param tensor whether {@code video} is a clip tensor
   * @param json file for the result
   * @param top number of classes to print
   * @param clips number of clips of the video
   * @param crops number of crops of every clip
   */
  public record Request(
      String run,
      String video,
      boolean tensor,
      Optional<String> json,
      int top,
      int clips,
      int crops) {

    /**
     * Parses the command line.
     *
     * @throws UsageException if it does not name a model and a video or clip
     * @throws vivit.dataprep.config.ConfigException if a key or value is wrong
     */
    public static Request parse(String... args) {
      Arguments arguments = Arguments.parse(OPTIONS, args);
      return read(arguments, arguments.load());
    }

    private static Request read(Arguments arguments, StrictConfig config) {
      List<String> places = new ArrayList<>(arguments.places());
      arguments.option("checkpoint").ifPresent(model -> places.add(0, model));
      arguments.option("clip").ifPresent(places::add);
      if (places.size() != 2) {
        throw new UsageException("found " + places + ", expected a model and a video or clip");
      }
      Section section = config.section("predict");
      int crops = section.integer("crops", 1, 3);
      if (crops == 2) {
        section.problem("crops", "found 2; expected 1 (centre) or 3 (along the longer side)");
      }
      Request request =
          new Request(
              places.get(0),
              places.get(1),
              arguments.option("clip").isPresent(),
              arguments.option("json"),
              section.integer("top", 1, Integer.MAX_VALUE),
              section.integer("clips", 1, 10_000),
              crops);
      config.check();
      return request;
    }
  }

  /**
   * Decodes the video and scores it.
   *
   * @throws UndecodableVideoException with the cause, if the video yields no clip
   */
  public static Prediction predict(Request request, Configuration conf) throws IOException {
    Checkpoint model = CheckpointStore.open(conf, new Path(request.run()));
    Path video = new Path(request.video());
    List<StoredClip> clips;
    try {
      clips = VideoClips.evaluation(conf, video, model.state().clips(), request.clips());
    } catch (UndecodableVideoException undecodable) {
      FileSystem fs = OpenFileSystem.of(video, conf);
      throw new UndecodableVideoException(
          "Cannot predict %s: %s%s"
              .formatted(
                  Visible.text(MissingPath.name(fs, video)),
                  undecodable.getMessage(),
                  undecodable.kind() == BadKind.MISSING
                      ? "; " + MissingPath.advice(fs, video, "check the path")
                      : ""));
    }
    return Prediction.of(model, request.video(), clips, request.crops());
  }

  /** Scores a clip unchanged, without resizing or cropping. */
  static Prediction clip(Request request, Arguments arguments, Configuration conf)
      throws IOException {
    ClipTensor clip = ClipTensor.read(conf, request.video());
    try (Model model = Models.open(conf, request.run(), arguments, Optional.of(clip.shape()))) {
      float[] tokens = clip.tokens(model.config());
      SlicedVector parameters = SlicedVector.of(model.parameters());
      try (ClipScorer scorer = new ClipScorer(model.config(), parameters::copyTo)) {
        ViewLogits view =
            new ViewLogits(
                request.video(), ClipLabels.NONE.ids(), 0, 0, scorer.logits(tokens, 1)[0]);
        return new Prediction(request.run(), model.heads(), VideoScore.average(List.of(view)));
      }
    }
  }
}
