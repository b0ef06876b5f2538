package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import vivit.spark.metrics.RoundPhases;
import vivit.spark.train.TrialRounds.Trial;

/**
 * The cost of a round.
 *
 * @param subject the model and a worker's step
 * @param workers one on every executor
 * @param frequency steps of a round
 * @param warmup number of rounds before measuring
 * @param rounds number of rounds measured
 * @param phases where the time of a round went; they add up to it, apart from being medians
 * @param round all of a round
 * @param step a step of the slowest worker
 * @param overhead a round without its steps
 * @param raw the bytes of a round between the same executors over plain sockets, after each round
 * @param bytesIn received by an executor in a round, at the median; the most of all executors
 * @param bytesOut sent by an executor in a round, likewise
 * @param bytesInPerParameter the same, divided by the number of parameters
 * @param bytesOutPerParameter the same, divided by the number of parameters
 * @param overheadToRaw ratio of the medians
 * @param breakEven averaging frequency at which the workers are as fast as one alone
 * @param fivePercent averaging frequency at which the overhead is 5 % of a round
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RoundReport(
    Subject subject,
    int workers,
    int frequency,
    int warmup,
    int rounds,
    List<PhaseTime> phases,
    Range round,
    Range step,
    Range overhead,
    Range raw,
    long bytesIn,
    long bytesOut,
    double bytesInPerParameter,
    double bytesOutPerParameter,
    double overheadToRaw,
    double breakEven,
    double fivePercent)
    implements Report {
  private static final double SMALL = 0.05;

  /** Seconds of a phase. */
  public record PhaseTime(String name, Range seconds) {}

  /** Seconds over all rounds. */
  public record Range(double median, double least, double most) {
    static Range of(List<Double> seconds) {
      double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return new Range(Spread.of(seconds).median(), sorted[0], sorted[sorted.length - 1]);
    }

    private String row(String name) {
      return String.format(
          Locale.ROOT, "%-14s %10.2f %10.2f %10.2f%n", name, 1e3 * median, 1e3 * least, 1e3 * most);
    }
  }

  /**
   * Sums up rounds.
   *
   * @param raw seconds of the raw transfer after each of them
   */
  static RoundReport of(
      Subject subject,
      int workers,
      int frequency,
      int warmup,
      List<Trial> trials,
      List<Double> raw) {
    Range step = range(trials, t -> t.cost().phases().secondsSteps() / t.steps());
    Range overhead = range(trials, t -> t.seconds() - t.cost().phases().secondsSteps());
    Range rawSeconds = Range.of(raw);
    long in = bytes(trials, RoundPhases::bytesIn);
    long out = bytes(trials, RoundPhases::bytesOut);
    BreakEven breakEven = new BreakEven(workers, step.median(), overhead.median());
    return new RoundReport(
        subject,
        workers,
        frequency,
        warmup,
        trials.size(),
        List.of(
            part("gather", trials, RoundPhases::secondsGather),
            part("load", trials, RoundPhases::secondsLoad),
            part("steps", trials, RoundPhases::secondsSteps),
            part("contribute", trials, RoundPhases::secondsContribute),
            part("fetch", trials, RoundPhases::secondsFetch),
            part("update", trials, RoundPhases::secondsUpdate),
            new PhaseTime("outside", range(trials, RoundReport::outside))),
        range(trials, Trial::seconds),
        step,
        overhead,
        rawSeconds,
        in,
        out,
        (double) in / subject.parameters(),
        (double) out / subject.parameters(),
        overhead.median() / rawSeconds.median(),
        breakEven.speed(),
        breakEven.share(SMALL));
  }

  private static double outside(Trial trial) {
    RoundPhases phases = trial.cost().phases();
    return trial.seconds()
        - phases.secondsTrain()
        - phases.secondsAverage()
        + phases.secondsOutside();
  }

  private static PhaseTime part(
      String name, List<Trial> trials, ToDoubleFunction<RoundPhases> seconds) {
    return new PhaseTime(
        name, range(trials, trial -> seconds.applyAsDouble(trial.cost().phases())));
  }

  private static Range range(List<Trial> trials, ToDoubleFunction<Trial> seconds) {
    return Range.of(trials.stream().mapToDouble(seconds).boxed().toList());
  }

  private static long bytes(List<Trial> trials, ToLongFunction<RoundPhases> bytes) {
    long[] sorted =
        trials.stream().mapToLong(t -> bytes.applyAsLong(t.cost().phases())).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(subject.text());
    lines.add(
        String.format(
            Locale.ROOT,
            "%d workers, one an executor; %d rounds of %d step%s after %d to warm up%n%n",
            workers,
            rounds,
            frequency,
            frequency == 1
                ? ", gradients averaged"
                : "s, parameters and the optimiser's states averaged",
            warmup));
    lines.add(String.format("%-14s %10s %10s %10s%n", "milliseconds", "median", "least", "most"));
    phases.forEach(phase -> lines.add(phase.seconds().row(phase.name())));
    lines.add(round.row("round"));
    lines.add(step.row("step"));
    lines.add(overhead.row("overhead"));
    lines.add(raw.row("raw transfer"));
    lines.add(
        String.format(
            Locale.ROOT,
            """

            bytes of an executor and round: in %.1f MB (%.2f a parameter), out %.1f MB (%.2f)
            overhead = round - steps: %.1f times the raw transfer of the same bytes
            %d workers are faster than one with averaging.every above %.2f
              (overhead / ((workers - 1) x step))
            averaging takes at most 5 %% of a round with averaging.every from %.1f on
              (19 x overhead / step)
            %s
            """,
            bytesIn / 1e6,
            bytesInPerParameter,
            bytesOut / 1e6,
            bytesOutPerParameter,
            overheadToRaw,
            workers,
            breakEven,
            fivePercent,
            frequency == 1
                ? "Both take the overhead of gradients; a round of more steps moves twice the bytes."
                : "Both take the overhead of these rounds, whatever their number of steps."));
    return String.join("", lines);
  }
}
