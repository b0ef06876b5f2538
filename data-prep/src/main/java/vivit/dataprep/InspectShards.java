package vivit.dataprep;

import java.util.List;
import vivit.dataprep.config.Command;
import vivit.dataprep.inspect.InspectJob;
import vivit.dataprep.inspect.InspectOptions;
import vivit.dataprep.inspect.InspectReport;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.shard.CorruptShardException;

/** Inspects a shard set: {@code vivit inspect FOLDER}. */
public final class InspectShards {
  private static final Command OUTSIDE =
      new Command(
          """
vivit inspect FOLDER [--out DIR] [--json FILE] [--clips N] [--classes N] [--per-class N] [--seed N]

Prints the statistics of a shard set, local or on HDFS: classes and their mix, durations, sizes,
pixel values, decode times and videos left out. Also writes a folder to look at:

  index.html       all of it on one page that needs no network, with clips and tubelets
  random.png       frames of clips drawn at random
  by-class.png     frames of a few clips of the largest class, the smallest and some between
  tubelets.png     one clip as the model sees it
  statistics.json  all figures

  --out DIR        the folder; default: the set's name and -inspection, in the working
                   directory. It must be new, empty or an earlier inspection's
  --json FILE      another file for the figures
  --clips N        clips drawn at random, 64; pixel statistics are theirs, 24 are shown
  --classes N      classes shown at most, 40
  --per-class N    clips shown of each, 2
  --seed N         seed of the draw, 0

Reads all of a set but the pixels, and the pixels of the clips drawn. Damaged shards and clips
are reported and left out, with exit status 1. vivit verify reads everything.
""",
          List.of());
  private static final SparkCommand COMMAND = new SparkCommand("vivit inspect", OUTSIDE);

  private InspectShards() {}

  /** {@code FOLDER [options]} */
  public static void main(String[] args) {
    COMMAND.main(args, InspectShards::inspect);
  }

  /** Runs the command and returns its exit status; does not end the JVM. */
  public static int run(String... args) {
    return COMMAND.status(args, InspectShards::inspect);
  }

  private static SparkCommand.SparkBody inspect(String... args) {
    InspectOptions options = InspectOptions.parse(args);
    return sc -> {
      InspectReport report = InspectJob.run(sc, options);
      Command.print(report.text());
      System.out.println();
      Command.print("Look at " + report.page());
      if (!report.isLettered()) {
        System.out.println(
            "The images have no text, since Java finds no font here; the page has it."
                + " Install fontconfig and a font such as DejaVu for both.");
      }
      if (!report.isGood()) {
        throw new CorruptShardException(
            "The shard set " + options.folder() + " is damaged; see above");
      }
    };
  }
}
