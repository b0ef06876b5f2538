package vivit.dataprep;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.verify.VerifyReport;

/** Verifies a shard set: {@code vivit verify FOLDER}. */
public final class VerifyShards {
  private static final Command COMMAND =
      new Command(
          """
          vivit verify FOLDER

          Re-reads a shard set, local or on HDFS: checksums of files, footers, clips and pages,
          counts, sizes and labels. Prints how many clips the classes have and how many videos were
          left out, and for every bad shard its first bad clip with row group and byte offset.
          Exit status 1 if anything is wrong. vivit inspect shows more.
          """,
          List.of());

  private VerifyShards() {}

  /** {@code FOLDER} */
  public static void main(String[] args) {
    COMMAND.main(args, () -> verify(args));
  }

  /** The program without its exit. */
  static int run(String... args) {
    return COMMAND.status(args, () -> verify(args));
  }

  private static void verify(String... args) throws IOException {
    if (args.length != 1) {
      throw new UsageException("found %d arguments, expected one folder".formatted(args.length));
    }
    SparkConf conf =
        new SparkConf()
            .setIfMissing("spark.master", "local[*]")
            .setIfMissing("spark.app.name", "vivit verify");
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      VerifyReport report = FailedJob.told(() -> VerifyJob.run(sc, new Path(args[0])));
      System.out.println(report.text());
      if (!report.isGood()) {
        throw new CorruptShardException("The shard set " + args[0] + " is damaged; see above");
      }
    }
  }
}
