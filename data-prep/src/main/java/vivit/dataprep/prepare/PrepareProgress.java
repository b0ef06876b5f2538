package vivit.dataprep.prepare;

import java.time.Duration;
import java.util.function.Supplier;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.text.Figures;

/** The line that shows how far a preparation is. */
final class PrepareProgress {
  private PrepareProgress() {}

  /** Shows it every second on a terminal, every half minute in the log, until it is closed. */
  static ConsoleProgress.Repeated start(
      ConsoleProgress console, Workload load, Supplier<Work> work) {
    long began = System.nanoTime();
    return console.repeat(
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        () -> line(load, work.get(), (System.nanoTime() - began) / 1e9));
  }

  /** The line after some seconds; the estimated cost tells what remains. */
  static String line(Workload load, Work work, double seconds) {
    String remaining =
        work.cost() == 0
            ? "unknown"
            : Figures.duration(seconds / work.cost() * Math.max(0, load.cost() - work.cost()));
    return "prepare: %d of %d videos, %d bad, %s, remaining %s"
        .formatted(
            load.kept() + work.videos(), load.videos(), work.bad(), work.rates(seconds), remaining);
  }
}
