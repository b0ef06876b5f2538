package vivit.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoClips;
import vivit.spark.checkpoint.LoadedModel;
import vivit.spark.evaluate.Prediction;

/**
 * Prints the top classes of one video file. Its clips are cut as the training shards were, which
 * the checkpoint remembers. Runs in this process, without a Spark job.
 */
public final class Predict {
  private static final String USAGE =
      "vivit predict <run or checkpoint> <video> [--json FILE] [key=value ...]";

  private Predict() {}

  /** {@code <run or checkpoint> <video> [--json FILE] key=value ...} */
  public static void main(String[] args) throws IOException {
    if (StrictConfig.wantsHelp(args)) {
      System.out.println(USAGE + "\n");
      System.out.print(StrictConfig.help("predict"));
      return;
    }
    try {
      Request request = Request.parse(args);
      Configuration conf = SparkHadoopUtil.get().newConfiguration(new SparkConf());
      Prediction prediction = predict(request, conf);
      System.out.print(prediction.table(request.top()));
      if (request.json().isPresent()) {
        Path file = new Path(request.json().get());
        byte[] json = prediction.json(request.top());
        AtomicFile.write(file.getFileSystem(conf), file, out -> out.write(json));
      }
    } catch (ConfigException | IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
    } catch (UndecodableVideoException undecodable) {
      System.err.println(undecodable.getMessage());
      System.exit(1);
    }
  }

  /**
   * What to predict and how.
   *
   * @param json file for the result
   * @param top classes to name
   * @param clips of the video
   * @param crops of every clip
   */
  public record Request(
      String run, String video, Optional<String> json, int top, int clips, int crops) {

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if it does not name a run and a video
     * @throws ConfigException if a key or value is wrong
     */
    public static Request parse(String... args) {
      List<String> places = new ArrayList<>();
      List<String> keys = new ArrayList<>();
      Optional<String> json = Optional.empty();
      for (int i = 0; i < args.length; i++) {
        if (args[i].equals("--json") && i + 1 < args.length) {
          json = Optional.of(args[++i]);
        } else if (args[i].startsWith("--json=")) {
          json = Optional.of(args[i].substring("--json=".length()));
        } else if (args[i].startsWith("predict.")) {
          keys.add(args[i]);
        } else {
          places.add(args[i]);
        }
      }
      if (places.size() != 2) {
        throw new IllegalArgumentException(
            "found " + places + ", expected a run and a video\nusage: " + USAGE);
      }
      StrictConfig config = StrictConfig.load(keys.toArray(String[]::new));
      Section section = config.section("predict");
      int crops = section.integer("crops", 1, 3);
      if (crops == 2) {
        section.problem("crops", "found 2; expected 1 (centre) or 3 (along the longer side)");
      }
      Request request =
          new Request(
              places.get(0),
              places.get(1),
              json,
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
   * @throws UndecodableVideoException if the video yields no clip, saying why
   */
  public static Prediction predict(Request request, Configuration conf) throws IOException {
    LoadedModel model = LoadedModel.read(conf, new Path(request.run()));
    Path video = new Path(request.video());
    List<StoredClip> clips;
    try {
      clips = VideoClips.evaluation(conf, video, model.state().clips(), request.clips());
    } catch (UndecodableVideoException undecodable) {
      throw new UndecodableVideoException(
          "Cannot predict " + video + ": " + undecodable.getMessage());
    }
    return Prediction.of(model, request.video(), clips, request.crops());
  }
}
