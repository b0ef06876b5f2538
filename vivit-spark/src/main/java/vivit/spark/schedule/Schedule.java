package vivit.spark.schedule;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.config.Span;

/**
 * The strength of a regulariser over the run.
 *
 * <p>Written as a number ({@code 0.2}, the same all along) or as a ramp: {@code linear 0.0 to 0.2
 * from 0 epochs until 10 epochs}, {@code cosine 0.3 to 0.0 from 1000 steps until 5000 steps}.
 * Before its start a ramp has its first value, after its end its second.
 */
public sealed interface Schedule {

  /** The value at a step, {@code step} counting from 0 over the whole run. */
  double at(long step, long stepsPerEpoch);

  /** The largest value the schedule ever takes. */
  double max();

  /** The smallest value the schedule ever takes. */
  double min();

  /** The same value all along. */
  record Constant(double value) implements Schedule {
    @Override
    public double at(long step, long stepsPerEpoch) {
      return value;
    }

    @Override
    public double max() {
      return value;
    }

    @Override
    public double min() {
      return value;
    }
  }

  /** How a {@link Ramp} goes from its first to its second value. */
  enum Shape {
    LINEAR,
    COSINE
  }

  /** From one value to another between two points of the run. */
  record Ramp(Shape shape, double first, double second, Span start, Span end) implements Schedule {
    @Override
    public double at(long step, long stepsPerEpoch) {
      double begin = start.steps(stepsPerEpoch);
      double finish = end.steps(stepsPerEpoch);
      if (step <= begin) {
        return first;
      }
      if (step >= finish) {
        return second;
      }
      double share = (step - begin) / (finish - begin);
      if (shape == Shape.COSINE) {
        share = 0.5 * (1 - Math.cos(Math.PI * share));
      }
      return first + (second - first) * share;
    }

    @Override
    public double max() {
      return Math.max(first, second);
    }

    @Override
    public double min() {
      return Math.min(first, second);
    }
  }

  /** Reads a number or a ramp; what cannot be read is refused with an example of what can. */
  static Schedule parse(String text) {
    String plain = text.trim();
    try {
      return new Constant(Double.parseDouble(plain));
    } catch (NumberFormatException notANumber) {
      Matcher ramp = Patterns.RAMP.matcher(plain);
      if (!ramp.matches()) {
        throw new IllegalArgumentException(
            "cannot read \""
                + text
                + "\" as a schedule; write a number, or for example"
                + " linear 0.0 to 0.2 from 0 epochs until 10 epochs",
            notANumber);
      }
      return new Ramp(
          Shape.valueOf(ramp.group(1).toUpperCase(Locale.ROOT)),
          Double.parseDouble(ramp.group(2)),
          Double.parseDouble(ramp.group(3)),
          span(ramp.group(4)),
          span(ramp.group(5)));
    }
  }

  private static Span span(String text) {
    return Span.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cannot read \"" + text + "\"; write for example 2.5 epochs or 1000 steps"));
  }

  /** The grammar of a ramp, kept out of the interface's own members. */
  final class Patterns {
    private static final Pattern RAMP =
        Pattern.compile(
            "(linear|cosine)\\s+([-+0-9.eE]+)\\s+to\\s+([-+0-9.eE]+)"
                + "\\s+from\\s+(.+?)\\s+until\\s+(.+)");

    private Patterns() {}
  }
}
