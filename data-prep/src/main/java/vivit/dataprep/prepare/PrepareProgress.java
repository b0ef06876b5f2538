package vivit.dataprep.prepare;

import java.time.Duration;
import java.util.function.Supplier;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.text.Figures;

/** The line that shows how far a preparation is. */
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

  /** Shows it every second on a terminal, every half minute in the log, until it is closed. */
  static ConsoleProgress.Repeated start(
      ConsoleProgress console, Workload load, Supplier<WorkDone> work) {
    long began = System.nanoTime();
    return console.repeat(
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        () -> line(load, work.get(), (System.nanoTime() - began) / 1e9));
  }

  /** The line after some seconds; the rest of the estimated cost gives the remaining time. */
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
