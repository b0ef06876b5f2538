package vivit.dataprep;

import java.util.List;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;

/** Prepares videos: {@code vivit prepare [config] [key=value ...]}. */
public final class PrepareShards {
  private static final Command OUTSIDE =
      new Command(
          """
          vivit prepare [config] [key=value ...]

          Cuts clips from videos and writes them as a shard set: Parquet files of uint8 tubelets,
          one clip per row group, with a manifest. Videos that cannot be decoded are listed with
          their causes in _quarantine.json. If interrupted, it resumes; on a finished set
          it adds the videos that are new.
          """,
          List.of("seed", "prepare"),
          "finished shards are kept; the same command goes on from there");
  private static final SparkCommand COMMAND =
      new SparkCommand(
          "vivit prepare",
          OUTSIDE,
          // Executors report progress with their heartbeats.
          conf -> conf.setIfMissing("spark.executor.heartbeatInterval", "2s"));

  private PrepareShards() {}

  /** {@code [config] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, PrepareShards::prepare);
  }

  /** Runs the command and returns its exit status; does not end the JVM. */
  static int run(String... args) {
    return COMMAND.status(args, PrepareShards::prepare);
  }

  private static SparkCommand.SparkBody prepare(String... args) {
    StrictConfig config = StrictConfig.load(args);
    PrepareConfig prepare = PrepareConfig.read(config);
    config.require("prepare.input", "prepare.output");
    config.check();
    return sc -> Command.print(PrepareJob.run(sc, prepare).summary());
  }
}
