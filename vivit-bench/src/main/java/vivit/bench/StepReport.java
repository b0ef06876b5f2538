package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;

/**
 * The speed of a step.
 *
 * @param subject the measured model and machine
 * @param warmup number of steps before measuring
 * @param seconds time per step
 * @param clipsPerSecond at the median
 * @param gflops of the subject's multiply-adds, at the median
 * @param gemm the machine's rate, measured in between
 * @param share of that rate
 * @param result loss or logit of the last step; not finite after an error
 * @param partsSteps number of the separate steps in which the parts were timed
 * @param partsMilliseconds mean time of such a step
 * @param parts of such a step; their times add up to it
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
   * @param milliseconds mean time
   * @param share of the step's time
   * @param gflops of its matrix products; 0 if it has none
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
