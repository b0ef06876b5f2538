package vivit.bench.libtorch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vivit.model.describe.ModelSummary;
import vivit.model.engine.Threads;

/**
 * One training step here and in PyTorch's native library, step by step in turn in one JVM: first
 * both must compute the same, then both are timed.
 *
 * <p>Arguments: the cases, separated by commas, and the threads of either side. Timing noise of a
 * shared machine hits both sides alike, so the ratio is steadier than the times.
 */
public final class StepBenchmark {

  private static final long SEED = 7;
  private static final int CHECKED_STEPS = 3;
  private static final double TOLERANCE = 1e-4;

  /** Larger: the parameters' own rounding is a part of their small changes. */
  private static final double UPDATE_TOLERANCE = 1e-3;

  private static final int WARM_ROUNDS = 2;

  /** OpenMP threads that wait for work spin for some milliseconds; let them fall asleep. */
  private static final long PAUSE_MILLIS = 50;

  private StepBenchmark() {}

  /** Prints a table; ends with an exception where the two sides disagree. */
  public static void main(String... arguments) throws InterruptedException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "Arguments are %s, expected cases and threads, such as tiny,s 2"
              .formatted(Arrays.toString(arguments)));
    }
    int threads = Integer.parseInt(arguments[1]);
    Threads.perTask(threads);
    List<BenchCase> cases = Arrays.stream(arguments[0].split(",")).map(BenchCase::of).toList();
    List<String> table = new ArrayList<>();
    table.add(
        "%-6s %-16s %12s %12s %10s %8s"
            .formatted("case", "side", "median ms", "best ms", "GFLOP/s", "ratio"));
    for (BenchCase bench : cases) {
      table.addAll(compare(bench, threads));
    }
    table.forEach(System.out::println);
    System.out.println(
        "GFLOP/s: matrix products, forward and backward, at the median. ratio: libtorch's time by"
            + " vivit's, medians and in brackets bests.");
  }

  private static List<String> compare(BenchCase bench, int threads) throws InterruptedException {
    Batch batch = Batch.random(bench, SEED);
    try (VivitContender vivit = new VivitContender(bench.config(), batch, SEED);
        LibtorchContender torch =
            new LibtorchContender(bench.config(), batch, vivit.parameters())) {
      requireThreads(threads);
      requireAgreement(bench, vivit, torch);
      Times ours = new Times();
      Times theirs = new Times();
      for (int round = -WARM_ROUNDS; round < bench.rounds(); round++) {
        turn(vivit, bench.turn(), round < 0 ? new Times() : ours);
        turn(torch, bench.turn(), round < 0 ? new Times() : theirs);
      }
      double operations = 6.0 * ModelSummary.of(bench.config()).forward() * bench.clips();
      return List.of(
          ours.row(bench, vivit, operations)
              + " %8.2f (%.2f)"
                  .formatted(theirs.median() / ours.median(), theirs.best() / ours.best()),
          theirs.row(bench, torch, operations));
    }
  }

  private static void requireThreads(int threads) {
    if (JniUtils.getNumThreads() != threads) {
      throw new IllegalStateException(
          "libtorch has %d threads, expected %d; set ai.djl.pytorch.num_threads"
              .formatted(JniUtils.getNumThreads(), threads));
    }
  }

  /**
   * Both libraries are in this JVM by now, so this also shows that neither took the other's
   * symbols.
   */
  private static void requireAgreement(BenchCase bench, Contender vivit, Contender torch) {
    float[] start = vivit.parameters();
    for (int step = 0; step < CHECKED_STEPS; step++) {
      Contender.StepResult ours = vivit.step();
      Contender.StepResult theirs = torch.step();
      requireClose(bench, "loss of step " + step, ours.loss(), theirs.loss());
      requireClose(
          bench, "gradient norm of step " + step, ours.gradientNorm(), theirs.gradientNorm());
    }
    float[] ours = vivit.parameters();
    float[] theirs = torch.parameters();
    double update = distance(theirs, start);
    double relative = distance(ours, theirs) / update;
    if (!(relative <= UPDATE_TOLERANCE)) {
      throw new IllegalStateException(
          "Case %s: after %d steps the parameters' changes differ by %.2e of their norm %.2e, expected at most %.0e"
              .formatted(bench.name(), CHECKED_STEPS, relative, update, UPDATE_TOLERANCE));
    }
    System.out.printf(
        "%s: %,d parameters, %d steps agree; their changes differ by %.1e of their norm%n",
        bench.name(), ours.length, CHECKED_STEPS, relative);
  }

  private static double distance(float[] one, float[] other) {
    if (one.length != other.length) {
      throw new IllegalStateException(
          "%d parameters here and %d in libtorch".formatted(one.length, other.length));
    }
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = (double) one[i] - other[i];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }

  private static void requireClose(BenchCase bench, String what, double ours, double theirs) {
    if (!(Math.abs(ours - theirs) <= TOLERANCE * Math.abs(theirs))) {
      throw new IllegalStateException(
          "Case %s: %s is %s here and %s in libtorch, expected a difference of %.0e at most"
              .formatted(bench.name(), what, ours, theirs, TOLERANCE));
    }
  }

  private static void turn(Contender contender, int steps, Times times)
      throws InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    for (int step = 0; step < steps; step++) {
      long start = System.nanoTime();
      Contender.StepResult outcome = contender.step();
      times.add(System.nanoTime() - start);
      if (!Double.isFinite(outcome.loss())) {
        throw new IllegalStateException(
            "The loss of %s is %s".formatted(contender.name(), outcome));
      }
    }
  }

  /** Durations of one side's steps. */
  private static final class Times {
    private final List<Long> nanos = new ArrayList<>();

    void add(long duration) {
      nanos.add(duration);
    }

    double median() {
      List<Long> sorted = nanos.stream().sorted().toList();
      int count = sorted.size();
      return (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2.0;
    }

    double best() {
      return nanos.stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    String row(BenchCase bench, Contender contender, double operations) {
      return "%-6s %-16s %12.2f %12.2f %10.1f"
          .formatted(
              bench.name(), contender.name(), median() / 1e6, best() / 1e6, operations / median());
    }
  }
}
