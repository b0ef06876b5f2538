package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import vivit.bench.Rounds.TimedOperation;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.engine.EngineTimes;

/** Times the steps of a warm network. */
public final class StepBench implements AutoCloseable {

  /** Seconds for which the parts are timed, in at most the number of measured steps. */
  private static final double SECONDS_OF_PARTS = 3;

  private static final String REST = "head_and_loss";
  private static final String UPDATE = "update";

  private final BenchSettings settings;
  private final Subject subject;
  private final GemmRate gemm;
  private final StepWork work;
  private final EngineTimes times = new EngineTimes();
  private final List<TimedOperation> step;
  private final int warmup;

  /** Builds the network and warms it up. */
  public StepBench(BenchSettings settings) {
    this.settings = settings;
    settings.limitThreads();
    subject = Subject.of(settings);
    work = StepWork.of(settings);
    ViViTGraph.decorate(work.graph(), settings.engine()::instead);
    gemm = new GemmRate(settings.threads());
    step =
        List.of(new TimedOperation("step", "", 1, subject.multiplyAdds(), () -> work.step(times)));
    warmup = Rounds.warmUp(settings.warmup(), step);
  }

  /**
   * The first line for a program that requests steps.
   *
   * @param subject the measured model and machine
   * @param warmup number of warm-up steps done
   * @param gemm the machine's rate, just measured
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Ready(Subject subject, int warmup, GemmRate.Rates gemm) {}

  /** Measures the machine's rate and returns the state before the first step. */
  public Ready ready() {
    new Rounds(gemm).probeAtEnd();
    return new Ready(subject, warmup, gemm.figures());
  }

  /** Runs one more step and returns its duration in seconds. */
  public double seconds() {
    return Rounds.seconds(step.get(0));
  }

  /** Measures steps, then their parts. */
  public StepReport measure() {
    Spread seconds = new Rounds(gemm).measure(settings.steps(), step).get(0);
    GemmRate.Rates rate = gemm.figures();
    double gflops = subject.gflops(seconds.median());
    double result = work.result();

    ViViTGraph.decorate(work.graph(), engine -> times.timed(settings.engine().instead(engine)));
    work.step(times); // allocates its buffers
    Map<EngineTimes.OperationKind, Long> before = times.nanos();
    long updateBefore = work.updateNanos();
    long start = System.nanoTime();
    int steps = Rounds.warmUp(new Repeats(1, seconds.count(), SECONDS_OF_PARTS), step);
    double total = (System.nanoTime() - start) / 1e6 / steps;
    double update = (work.updateNanos() - updateBefore) / 1e6 / steps;
    List<StepReport.StepPart> parts = new ArrayList<>();
    times
        .nanos()
        .forEach(
            (part, nanos) ->
                parts.add(part(part, (nanos - before.get(part)) / 1e6 / steps, total)));
    ViViTGraph.decorate(work.graph(), settings.engine()::instead);
    double engine = parts.stream().mapToDouble(StepReport.StepPart::milliseconds).sum();
    parts.add(
        new StepReport.StepPart(REST, total - engine - update, 1 - (engine + update) / total, 0));
    if (settings.pass() == BenchSettings.StepKind.TRAINING) {
      parts.add(new StepReport.StepPart(UPDATE, update, update / total, 0));
    }
    parts.removeIf(part -> part.milliseconds() == 0);
    return new StepReport(
        subject,
        warmup,
        seconds,
        settings.batch() / seconds.median(),
        gflops,
        rate,
        gflops / rate.gflops(),
        result,
        steps,
        total,
        parts);
  }

  private StepReport.StepPart part(
      EngineTimes.OperationKind part, double milliseconds, double total) {
    ModelShapes shapes = ModelShapes.of(settings.model(), settings.microBatches());
    double multiplyAdds =
        switch (part) {
          case LINEAR, LINEAR_PARAMETER_GRADIENT -> shapes.linearMultiplyAdds();
          case LINEAR_INPUT_GRADIENT -> shapes.inputGradientMultiplyAdds();
          case ATTENTION -> shapes.attentionMultiplyAdds();
          case ATTENTION_GRADIENT -> 2 * shapes.attentionMultiplyAdds();
          default -> 0;
        };
    double gflops = milliseconds > 0 ? 2 * multiplyAdds / milliseconds / 1e6 : 0;
    return new StepReport.StepPart(
        part.name().toLowerCase(Locale.ROOT), milliseconds, milliseconds / total, gflops);
  }

  @Override
  public void close() {
    work.close();
    gemm.close();
  }
}
