package vivit.dataprep;

import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;

/** Prepares videos: {@code vivit prepare [config] [key=value ...]}. */
public final class PrepareShards {
  private static final Command COMMAND =
      new Command(
          """
          vivit prepare [config] [key=value ...]

          Cuts clips from videos and writes them as a shard set: Parquet files of uint8 tubelets,
          one clip per row group, with a manifest. Videos that cannot be decoded are listed with
          their causes in _quarantine.json. Interrupted, it goes on where it was; on a finished set
          it adds the videos that are new.
          """,
          List.of("seed", "prepare"));

  private PrepareShards() {}

  /** {@code [config] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, () -> prepare(args));
  }

  /** The program without its exit. */
  static int run(String... args) {
    return COMMAND.status(args, () -> prepare(args));
  }

  private static void prepare(String... args) throws IOException {
    StrictConfig config = StrictConfig.load(args);
    PrepareConfig prepare = PrepareConfig.read(config);
    config.check();
    SparkConf conf =
        new SparkConf()
            .setIfMissing("spark.master", "local[*]")
            .setIfMissing("spark.executor.heartbeatInterval", "2s") // what progress lives on
            .setIfMissing("spark.app.name", "vivit prepare");
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      System.out.println(FailedJob.told(() -> PrepareJob.run(sc, prepare)).summary());
    }
  }
}
