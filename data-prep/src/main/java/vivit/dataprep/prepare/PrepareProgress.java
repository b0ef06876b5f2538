package vivit.dataprep.prepare;

import java.time.Duration;
import java.util.function.Supplier;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.text.Figures;

/** The progress line of a preparation. */
final class PrepareProgress {
  /**
   * The work of a preparation.
   *
   * @param videos of all shards
   * @param kept videos of the shards that an earlier run finished
   * @param cost estimated for the other shards
   */
  record Workload(long videos, long kept, long cost) {}

  private PrepareProgress() {}

  /**
   * Shows the line every second on a terminal or every half minute in the log, until it is closed.
   */
  static ConsoleProgress.Repeated start(
      ConsoleProgress console, Workload load, Supplier<WorkDone> work) {
    long began = System.nanoTime();
    return console.repeat(
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        () -> line(load, work.get(), (System.nanoTime() - began) / 1e9));
  }

  /**
   * Formats the line after {@code seconds} of work; the remaining time follows from the estimated
   * cost of the remaining work.
   */
  static String line(Workload load, WorkDone work, double seconds) {
    String remaining =
        work.cost() == 0
            ? "unknown"
            : Figures.duration(seconds / work.cost() * Math.max(0, load.cost() - work.cost()));
    return "prepare: %d of %d videos, %d bad, %s, remaining %s"
        .formatted(
            load.kept() + work.videos(), load.videos(), work.bad(), work.rates(seconds), remaining);
  }
}
