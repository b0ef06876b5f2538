package vivit.bench;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times operations in turns, so that all of them see the same machine, with probes of its matrix
 * product before, about every second in between, and after.
 */
final class Rounds {

  private static final double SECONDS_BETWEEN_PROBES = 1;
  private static final int PROBES_AT_ENDS = 2;

  private final GemmRate gemm;
  private long lastProbe;

  Rounds(GemmRate gemm) {
    this.gemm = gemm;
  }

  /** Does every operation some times; returns how many rounds that were. */
  static int warmUp(Repeats repeats, List<Operation> operations) {
    long start = System.nanoTime();
    int round = 0;
    while (repeats.more(round, since(start))) {
      operations.forEach(Rounds::seconds);
      round++;
    }
    return round;
  }

  /** How long each operation took, in their order. */
  List<Spread> measure(Repeats repeats, List<Operation> operations) {
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

  /** The probes before and after measurements. */
  void probeAtEnd() {
    for (int i = 0; i < PROBES_AT_ENDS; i++) {
      probe();
    }
  }

  private void probe() {
    gemm.probe();
    lastProbe = System.nanoTime();
  }

  /** Does an operation once; returns how long it took. */
  static double seconds(Operation operation) {
    long start = System.nanoTime();
    operation.work().run();
    Nd4j.getExecutioner().commit(); // where the device works on its own, waits for it
    return since(start);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
