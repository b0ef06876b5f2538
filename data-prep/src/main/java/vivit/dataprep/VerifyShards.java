package vivit.dataprep;

import java.util.List;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.verify.VerifyReport;

/** Verifies a shard set: {@code vivit verify FOLDER}. */
public final class VerifyShards {
  private static final Command OUTSIDE =
      new Command(
          """
          vivit verify FOLDER

          Re-reads a shard set, local or on HDFS: checksums of files, footers, clips and pages,
          counts, sizes and labels. Prints the number of clips per class and of videos left out, and
          for every bad shard its first bad clip with row group and byte offset.
          Exit status 1 if anything is wrong. vivit inspect shows more.
          """,
          List.of());
  private static final SparkCommand COMMAND = new SparkCommand("vivit verify", OUTSIDE);

  private VerifyShards() {}

  /** {@code FOLDER} */
  public static void main(String[] args) {
    COMMAND.main(args, VerifyShards::verify);
  }

  /** Runs the command and returns its exit status; does not end the JVM. */
  static int run(String... args) {
    return COMMAND.status(args, VerifyShards::verify);
  }

  private static SparkCommand.SparkBody verify(String... args) {
    if (args.length != 1) {
      throw new UsageException("found %d arguments, expected one folder".formatted(args.length));
    }
    Path folder = Arguments.place(args[0]);
    return sc -> {
      VerifyReport report = VerifyJob.run(sc, folder);
      Command.print(report.text());
      if (!report.isGood()) {
        throw new CorruptShardException("The shard set " + folder + " is damaged; see above");
      }
    };
  }
}
