package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;

/**
 * The speed of a step.
 *
 * @param subject the measured model and machine
 * @param warmup steps before
 * @param seconds of a step
 * @param clipsPerSecond at the median
 * @param gflops at the median, of the subject's multiply-adds
 * @param gemm the machine's rate, measured in between
 * @param share of that rate
 * @param result loss or logit of the last step; finite unless something is wrong
 * @param partsSteps steps of a pass of their own, in which the parts were timed
 * @param partsMilliseconds of such a step, mean
 * @param parts of such a step; they add up to it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record StepReport(
    Subject subject,
    int warmup,
    Spread seconds,
    double clipsPerSecond,
    double gflops,
    GemmRate.Rates gemm,
    double share,
    double result,
    int partsSteps,
    double partsMilliseconds,
    List<StepPart> parts)
    implements Report {

  /**
   * A part of a step.
   *
   * @param milliseconds mean
   * @param share of the step's time
   * @param gflops of its matrix products; 0 where it has none
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record StepPart(String name, double milliseconds, double share, double gflops) {}

  @Override
  public String text() {
    StringBuilder text = new StringBuilder(subject.text());
    text.append(
        String.format(
            Locale.ROOT,
            "%n%d steps after %d to warm up: median %.1f ms, p10 %.1f, p90 %.1f; %.2f clips/s%n"
                + "%.1f GFLOP/s, %.1f %% of the %.1f of this machine's matrix product%n%n",
            seconds.count(),
            warmup,
            1e3 * seconds.median(),
            1e3 * seconds.p10(),
            1e3 * seconds.p90(),
            clipsPerSecond,
            gflops,
            100 * share,
            gemm.gflops()));
    text.append(
        String.format(Locale.ROOT, "%-28s %10s %8s %10s%n", "part", "ms", "share", "GFLOP/s"));
    for (StepPart part : parts) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-28s %10.2f %6.1f %% %10s%n",
              part.name().replace('_', ' '),
              part.milliseconds(),
              100 * part.share(),
              part.gflops() > 0 ? String.format(Locale.ROOT, "%.1f", part.gflops()) : ""));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%-28s %10.2f  (mean of %d steps)%n",
            "together",
            partsMilliseconds,
            partsSteps));
    return text.toString();
  }
}
