package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.shard.Manifest;
import vivit.spark.config.Experiment;
import vivit.spark.config.TrainingSettings;
import vivit.spark.schedule.RateCurve;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;

/**
 * Trains some steps of an experiment with rates that rise geometrically, without run folder, log
 * and checkpoints. All other settings are those of the run, and so are the parameters it starts
 * from.
 */
public final class RateSweep {
  private static final Logger LOG = LoggerFactory.getLogger(RateSweep.class);

  private final TrainingSettings settings;
  private final TrainingDriver driver;
  private final RateCurve curve;
  private final int steps;
  private final ConsoleProgress console = ConsoleProgress.of(LOG);

  private RateSweep(JavaSparkContext sc, Experiment experiment, Manifest shards, int steps) {
    long stepClips = experiment.training().stepClips();
    long stepsPerEpoch = (shards.clips() + stepClips - 1) / stepClips;
    this.settings =
        experiment.training().sweep(steps, (int) ((steps + stepsPerEpoch - 1) / stepsPerEpoch));
    this.driver = new TrainingDriver(sc, experiment.with(settings), shards);
    this.curve = new RateCurve(steps);
    this.steps = steps;
  }

  /**
   * Sweeps until the loss diverges, or the steps are done.
   *
   * @param steps of the whole sweep
   */
  public static RateCurve run(
      JavaSparkContext sc, Experiment experiment, Manifest shards, int steps) throws IOException {
    RateSweep sweep = new RateSweep(sc, experiment, shards, steps);
    sweep.run();
    return sweep.curve;
  }

  private void run() throws IOException {
    driver.cut(settings.workers().orElse(settings.defaultWorkers()));
    try (TrainingRounds rounds = driver.rounds(driver::drawStart)) {
      long step = 0;
      for (int round = 1; !curve.hasEnded(); round++) {
        try {
          add(driver.train(rounds, step));
        } catch (NonFiniteException diverged) {
          LOG.debug("The sweep ends", diverged);
          curve.diverge();
        }
        step = driver.planner().end(step);
        boolean due = console.isTerminal() || round % settings.reporting().logEvery() == 0;
        if (due && !curve.hasEnded()) {
          show();
        }
      }
    }
    curve.best().ifPresent(best -> console.end(line()));
  }

  /** Adds the steps of a round, each summed over the workers. */
  private void add(List<WorkerReport> reports) {
    SortedMap<Long, double[]> sums = new TreeMap<>();
    for (WorkerReport report : reports) {
      for (StepOutcome step : report.steps()) {
        double[] sum = sums.computeIfAbsent(step.step(), number -> new double[2]);
        sum[0] += step.lossSum();
        sum[1] += step.clips();
      }
    }
    long stepsPerEpoch = driver.planner().stepsPerEpoch();
    sums.forEach(
        (step, sum) -> {
          if (!curve.hasEnded()) {
            curve.add(settings.learningRates(stepsPerEpoch).at(step), sum[0] / sum[1]);
          }
        });
  }

  private void show() {
    if (!curve.points().isEmpty()) {
      console.show(line());
    }
  }

  private String line() {
    RateCurve.RatePoint last = curve.points().get(curve.points().size() - 1);
    return String.format(
        Locale.ROOT,
        "step %d/%d  lr %.3g  loss %.4f",
        last.step() + 1,
        steps,
        last.rate(),
        last.smoothed());
  }
}
