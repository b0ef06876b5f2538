package vivit.bench.smalldata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Estimates how long runs will take from how long others took. */
record TimeLeft(List<RunResult> finished) {

  /**
   * Seconds of these runs: each as long as those of its setting on average, or as all are if there
   * are none; empty before the first.
   */
  OptionalDouble seconds(List<PlannedRun> runs) {
    if (finished.isEmpty()) {
      return OptionalDouble.empty();
    }
    double any = mean(finished);
    Map<String, Double> known =
        finished.stream()
            .collect(
                Collectors.groupingBy(
                    RunResult::setting,
                    Collectors.collectingAndThen(
                        Collectors.toCollection(ArrayList::new), TimeLeft::mean)));
    Function<PlannedRun, Double> one = run -> known.getOrDefault(run.setting().name(), any);
    return OptionalDouble.of(runs.stream().map(one).mapToDouble(Double::doubleValue).sum());
  }

  private static double mean(List<RunResult> results) {
    return results.stream().mapToDouble(RunResult::seconds).average().orElseThrow();
  }
}
