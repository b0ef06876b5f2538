package vivit.dataprep;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.StrictConfig;

/** Verifies a shard set: {@code vivit verify FOLDER}. */
public final class VerifyShards {
  private VerifyShards() {}

  /** Exit status: 0 good, 1 not, 2 wrong arguments. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** The program without its exit. */
  static int run(String... args) {
    boolean help = StrictConfig.wantsHelp(args);
    if (help || args.length != 1) {
      (help ? System.out : System.err)
          .println(
              """
              vivit verify FOLDER

              Re-reads a shard set, local or on HDFS: checksums of files, footers, clips and pages,
              counts, sizes and labels. Prints the clips of each label, and for every bad shard its
              first bad clip with row group and byte offset. Exit status 1 if anything is wrong.""");
      return help ? 0 : 2;
    }
    SparkConf conf =
        new SparkConf()
            .setIfMissing("spark.master", "local[*]")
            .setIfMissing("spark.app.name", "vivit verify");
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      VerifyReport report = VerifyJob.run(sc, new Path(args[0]));
      System.out.println(report.text());
      return report.isGood() ? 0 : 1;
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }
}
