package vivit.dataprep;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StrictConfig;

/** Prepares videos: {@code vivit prepare [config] [key=value ...]}. */
public final class PrepareShards {
  private PrepareShards() {}

  /** Exit status: 0 done, 1 failed, 2 wrong configuration. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** The program without its exit. */
  static int run(String... args) {
    if (StrictConfig.wantsHelp(args)) {
      System.out.println(
          """
          vivit prepare [config] [key=value ...]

          Cuts clips from videos and writes them as a shard set: Parquet files of uint8 tubelets,
          one clip per row group, with a manifest. Videos that cannot be decoded are listed with
          their causes in _quarantine.json.
          """);
      System.out.print(StrictConfig.help("seed", "prepare"));
      return 0;
    }
    try {
      StrictConfig config = StrictConfig.load(args);
      PrepareConfig prepare = PrepareConfig.read(config);
      config.check();
      SparkConf conf =
          new SparkConf()
              .setIfMissing("spark.master", "local[*]")
              .setIfMissing("spark.app.name", "vivit prepare");
      try (JavaSparkContext sc = new JavaSparkContext(conf)) {
        System.out.println(PrepareJob.run(sc, prepare).summary());
      }
      return 0;
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      return 2;
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }
}
