package vivit.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.AtomicFile;
import vivit.spark.config.Experiment;
import vivit.spark.demo.DemoFolder;
import vivit.spark.metrics.RatePlot;
import vivit.spark.schedule.RateCurve;
import vivit.spark.train.RateSweep;

/** {@code vivit train --find-rate}: trains a few steps with rising rates and suggests one. */
final class FindRate {
  private static final String FLAG = "--find-rate";
  private static final String STEPS = "steps";
  private static final String OUT = "out";
  private static final int DEFAULT_STEPS = 300;
  private static final int FEWEST_STEPS = 50;

  private FindRate() {}

  /** Whether a word of the command line asks for this. */
  static boolean isMeant(String word) {
    return word.equals(FLAG);
  }

  /** Reads the command line of {@code train}; returns the work that remains. */
  static SparkCommand.SparkBody read(String... args) {
    Arguments words = Arguments.parse(Set.of(STEPS, OUT), Set.of(FLAG.substring(2)), args);
    int steps = steps(words);
    List<String> arguments = new ArrayList<>(words.config());
    arguments.addAll(words.places()); // files of other names; other words are refused
    StrictConfig config = StrictConfig.load(arguments.toArray(String[]::new));
    experiment(config);
    Optional<String> out = words.option(OUT);
    return sc -> Command.print(run(sc, config, steps, out));
  }

  private static int steps(Arguments words) {
    String text = words.option(STEPS).orElse(Integer.toString(DEFAULT_STEPS));
    try {
      int steps = Integer.parseInt(text);
      if (steps >= FEWEST_STEPS && steps <= 1_000_000) {
        return steps;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw new UsageException(
        "--steps: found %s, expected a whole number from %d".formatted(text, FEWEST_STEPS));
  }

  private static Experiment experiment(StrictConfig config) {
    Experiment experiment = Experiment.read(config);
    config.require("train.shards");
    config.check();
    return experiment;
  }

  /** Sweeps, writes both files, and returns what to print. */
  static String run(JavaSparkContext sc, StrictConfig config, int steps, Optional<String> out)
      throws IOException {
    Experiment experiment = experiment(config);
    ShardSet shards =
        ShardSet.open(new Path(experiment.training().shards()), sc.hadoopConfiguration());
    experiment.checkAgainst(shards.manifest(), config);
    experiment.checkSchedules(shards.manifest(), config);
    config.check();
    DemoFolder folder =
        out.isPresent()
            ? DemoFolder.at(out.get(), sc.hadoopConfiguration())
            : DemoFolder.next("rates", sc.hadoopConfiguration());
    RateCurve curve =
        FailedJob.unwrapped(() -> RateSweep.run(sc, experiment, shards.manifest(), steps));
    write(folder, "rates.csv", curve.csv());
    if (!curve.points().isEmpty()) {
      write(folder, "rates.svg", RatePlot.svg(curve));
    }
    double stated = config.section("train.learning-rate").number("base", 1e-12, 1e6);
    return text(curve, experiment.training().learningRate().base() / stated)
        + "\n"
        + folder.shown("rates.svg");
  }

  private static void write(DemoFolder folder, String name, String text) throws IOException {
    AtomicFile.write(
        folder.files(),
        folder.place(name),
        file -> file.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * What a curve says.
   *
   * @param scale of the base rate to the batch size
   */
  static String text(RateCurve curve, double scale) {
    String end = curve.hasDiverged() ? "diverged" : "did not diverge";
    if (curve.suggestion().isEmpty()) {
      return "No suggestion: in %d steps the loss did not fall at any rate and %s. Look at rates.csv, check clips and classes with bin/vivit inspect, or sweep around another train.learning-rate.base or with more --steps"
          .formatted(curve.points().size(), end);
    }
    RateCurve.RatePoint best = curve.best().orElseThrow();
    return String.format(
        Locale.ROOT,
        "Suggested: train.learning-rate.base=%.2g, where the loss fell fastest. It was lowest at %.2g (%.4f), and %s by %.2g after %d steps.",
        curve.suggestion().getAsDouble() / scale,
        best.rate() / scale,
        best.smoothed(),
        end,
        curve.points().get(curve.points().size() - 1).rate() / scale,
        curve.points().size());
  }
}
