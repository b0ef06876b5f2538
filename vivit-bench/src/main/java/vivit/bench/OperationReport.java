package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vivit.bench.Rounds.TimedOperation;

/**
 * The speed of single operations of a step.
 *
 * @param subject the step that the operations belong to
 * @param warmup number of rounds over all operations before measuring
 * @param gemm the machine's rate, measured in between
 * @param operations the distinct operations
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record OperationReport(
    Subject subject, int warmup, GemmRate.Rates gemm, List<OperationRow> operations)
    implements Report {

  /**
   * An operation.
   *
   * @param count its number in a step
   * @param seconds time of one run
   * @param gflops at the median
   * @param share of the machine's rate, or of the fastest operation if that is faster
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record OperationRow(
      String name, String shape, long count, Spread seconds, double gflops, double share) {}

  static OperationReport of(
      Subject subject,
      int warmup,
      GemmRate.Rates gemm,
      List<TimedOperation> operations,
      List<Spread> seconds) {
    double best = gemm.gflops();
    for (int i = 0; i < seconds.size(); i++) {
      best = Math.max(best, gflops(operations.get(i), seconds.get(i)));
    }
    List<OperationRow> rows = new ArrayList<>();
    for (int i = 0; i < seconds.size(); i++) {
      TimedOperation operation = operations.get(i);
      double rate = gflops(operation, seconds.get(i));
      rows.add(
          new OperationRow(
              operation.name(),
              operation.shape(),
              operation.count(),
              seconds.get(i),
              rate,
              rate / best));
    }
    return new OperationReport(subject, warmup, gemm, rows);
  }

  private static double gflops(TimedOperation operation, Spread seconds) {
    return 2 * operation.multiplyAdds() / seconds.median() / 1e9;
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder(subject.text());
    text.append(
        String.format(
            Locale.ROOT,
            "%nmedians of %d rounds after %d to warm up; this machine's matrix product %.1f"
                + " GFLOP/s%n%n",
            operations.get(0).seconds().count(),
            warmup,
            gemm.gflops()));
    text.append(row("operation", "shape", "a step", "ms", "p10", "p90", "GFLOP/s", "share"));
    for (OperationRow row : operations) {
      text.append(
          row(
              row.name().replace('_', ' '),
              row.shape(),
              String.valueOf(row.count()),
              milliseconds(row.seconds().median()),
              milliseconds(row.seconds().p10()),
              milliseconds(row.seconds().p90()),
              String.format(Locale.ROOT, "%.1f", row.gflops()),
              String.format(Locale.ROOT, "%.1f %%", 100 * row.share())));
    }
    return text.toString();
  }

  private static String row(Object... cells) {
    return String.format("%-20s %-46s %7s %10s %10s %10s %9s %8s%n", cells);
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f", 1e3 * seconds);
  }
}
