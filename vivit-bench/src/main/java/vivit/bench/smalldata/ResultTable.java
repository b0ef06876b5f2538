package vivit.bench.smalldata;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The results of a part as a Markdown table, a row for each setting. */
final class ResultTable {
  private static final double MILLION = 1e6;

  private final ExperimentPart part;
  private final List<String> rows = new ArrayList<>();

  /** The bytes of a step of the first setting, which others are compared with. */
  private double firstBytes = Double.NaN;

  ResultTable(ExperimentPart part) {
    this.part = part;
  }

  /**
   * Adds a row.
   *
   * @param results of the seeds that are finished; none for an empty row
   */
  void add(String name, List<RunResult> results) {
    List<String> cells = new ArrayList<>(List.of(name, String.valueOf(results.size())));
    cells.add(cell(results, RunResult::top1, 0.01, 1));
    cells.add(cell(results, RunResult::loss, 1, 3));
    switch (part) {
      case A -> {
        cells.add(cell(results, RunResult::parameters, MILLION, 2));
        cells.add(cell(results, RunResult::multiplyAdds, MILLION, 1));
        cells.add(cell(results, RunResult::trainingSeconds, 1, 0));
      }
      case D -> cells.add(cell(results, RunResult::trainingSeconds, 1, 0));
      case E -> {
        double bytes = results.stream().mapToDouble(RunResult::bytesPerStep).average().orElse(0);
        if (Double.isNaN(firstBytes)) {
          firstBytes = bytes;
        }
        cells.add(results.isEmpty() ? "" : String.format(Locale.ROOT, "%.3f", bytes / MILLION));
        cells.add(
            results.isEmpty() || firstBytes == 0
                ? ""
                : String.format(Locale.ROOT, "%.1f", 100 * bytes / firstBytes));
      }
      default -> {} // accuracy alone
    }
    rows.add("| " + String.join(" | ", cells) + " |");
  }

  private static String cell(
      List<RunResult> results, ToDoubleFunction<RunResult> figure, double unit, int digits) {
    if (results.isEmpty()) {
      return "";
    }
    MeanDeviation mean = MeanDeviation.of(results.stream().mapToDouble(figure).boxed().toList());
    return mean.deviation() == 0
        ? String.format(Locale.ROOT, "%." + digits + "f", mean.mean() / unit)
        : mean.text(unit, digits);
  }

  /** The title and the table. */
  String text() {
    List<String> heading = new ArrayList<>(List.of("", "seeds", "top-1, %", "loss"));
    switch (part) {
      case A -> heading.addAll(List.of("parameters, M", "multiply-adds a clip, M", "training, s"));
      case D -> heading.add("training, s");
      case E -> heading.addAll(List.of("MB a step", "% of every step"));
      default -> {} // as above
    }
    String rule = "|---".repeat(heading.size()) + "|";
    return "%n### %s: %s%n%n| %s |%n%s%n%s%n"
        .formatted(
            part.name().toLowerCase(Locale.ROOT),
            part.title(),
            String.join(" | ", heading),
            rule,
            String.join(System.lineSeparator(), rows));
  }
}
