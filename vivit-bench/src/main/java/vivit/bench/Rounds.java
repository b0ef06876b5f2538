package vivit.bench;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times operations in turns, so that all run under the same conditions, with probes of the
 * machine's matrix product before, about every second in between, and after.
 */
final class Rounds {

  private static final double SECONDS_BETWEEN_PROBES = 1;
  private static final int PROBES_AT_ENDS = 2;

  private final GemmRate gemm;
  private long lastProbe;

  /**
   * An operation that is timed repeatedly.
   *
   * @param name its name in the table
   * @param shape of its operands, as text
   * @param count its number in a step
   * @param multiplyAdds of its matrix products, once
   * @param work runs it once
   */
  record TimedOperation(
      String name, String shape, long count, double multiplyAdds, Runnable work) {}

  Rounds(GemmRate gemm) {
    this.gemm = gemm;
  }

  /** Runs all operations in rounds to warm up; returns the number of rounds. */
  static int warmUp(Repeats repeats, List<TimedOperation> operations) {
    long start = System.nanoTime();
    int round = 0;
    while (repeats.more(round, since(start))) {
      operations.forEach(Rounds::seconds);
      round++;
    }
    return round;
  }

  /** Measures the duration of each operation, in their order. */
  List<Spread> measure(Repeats repeats, List<TimedOperation> operations) {
    List<List<Double>> seconds = new ArrayList<>();
    operations.forEach(operation -> seconds.add(new ArrayList<>()));
    probeAtEnd();
    long start = System.nanoTime();
    for (int round = 0; repeats.more(round, since(start)); round++) {
      for (int i = 0; i < operations.size(); i++) {
        seconds.get(i).add(seconds(operations.get(i)));
        if (since(lastProbe) > SECONDS_BETWEEN_PROBES) {
          probe();
        }
      }
    }
    probeAtEnd();
    return seconds.stream().map(Spread::of).toList();
  }

  /** Runs the probes before and after measurements. */
  void probeAtEnd() {
    for (int i = 0; i < PROBES_AT_ENDS; i++) {
      probe();
    }
  }

  private void probe() {
    gemm.probe();
    lastProbe = System.nanoTime();
  }

  /** Runs an operation once; returns its duration. */
  static double seconds(TimedOperation operation) {
    long start = System.nanoTime();
    operation.work().run();
    Nd4j.getExecutioner().commit(); // waits for a device that works asynchronously
    return since(start);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
