package vivit.spark.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.config.Span;

/**
 * The strength of a regulariser over the run.
 *
 * <p>A schedule is written as a number ({@code 0.2}, constant), or as a ramp: {@code linear 0.0 to
 * 0.2 from 0 epochs until 10 epochs}, {@code cosine 0.3 to 0.0 from 1000 steps until 5000 steps}. A
 * ramp has its first value before its start and its second after its end. It is also written as
 * stairs: {@code 0.1 at 0 epochs, 0.2 at 10 epochs}; the first value also applies before its start.
 */
public sealed interface Schedule {

  /** The value at a step, {@code step} counting from 0 over the whole run. */
  double at(long step, long stepsPerEpoch);

  /** The values between which it moves, in the order in which they are written. */
  List<Double> values();

  /** The points of the run that it names, in the order in which they are written. */
  List<Span> points();

  /** The largest value of the schedule. */
  default double max() {
    return Collections.max(values());
  }

  /** The smallest value of the schedule. */
  default double min() {
    return Collections.min(values());
  }

  /** A constant value. */
  record Constant(double value) implements Schedule {
    @Override
    public double at(long step, long stepsPerEpoch) {
      return value;
    }

    @Override
    public List<Double> values() {
      return List.of(value);
    }

    @Override
    public List<Span> points() {
      return List.of();
    }
  }

  /** The form of a {@link Ramp}. */
  enum Shape {
    LINEAR,
    COSINE
  }

  /** A change from one value to another between two points of the run. */
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
    public List<Double> values() {
      return List.of(first, second);
    }

    @Override
    public List<Span> points() {
      return List.of(start, end);
    }
  }

  /** A sequence of constant values. */
  record Stairs(List<Stair> stairs) implements Schedule {

    /** A value and its start. */
    public record Stair(double value, Span start) {}

    public Stairs {
      stairs = List.copyOf(stairs);
    }

    @Override
    public double at(long step, long stepsPerEpoch) {
      Comparator<Stair> order = Comparator.comparing(stair -> stair.start().steps(stepsPerEpoch));
      return stairs.stream()
          .filter(stair -> stair.start().steps(stepsPerEpoch) <= step)
          .max(order)
          .or(() -> stairs.stream().min(order))
          .orElseThrow()
          .value();
    }

    @Override
    public List<Double> values() {
      return stairs.stream().map(Stair::value).toList();
    }

    @Override
    public List<Span> points() {
      return stairs.stream().map(Stair::start).toList();
    }
  }

  /**
   * Reads a number, a ramp or stairs.
   *
   * @throws IllegalArgumentException with an example, if the text is none of them
   */
  static Schedule parse(String text) {
    String plain = text.trim();
    if (Patterns.NUMBER.matcher(plain).matches()) {
      return new Constant(number(plain));
    }
    Matcher ramp = Patterns.RAMP.matcher(plain);
    if (ramp.matches()) {
      return new Ramp(
          Shape.valueOf(ramp.group(1).toUpperCase(Locale.ROOT)),
          number(ramp.group(2)),
          number(ramp.group(3)),
          span(ramp.group(4)),
          span(ramp.group(5)));
    }
    List<Stairs.Stair> stairs = new ArrayList<>();
    for (String part : plain.split(",", -1)) {
      Matcher stair = Patterns.STAIR.matcher(part.trim());
      if (!stair.matches()) {
        throw new IllegalArgumentException(
            "cannot read \""
                + text
                + "\" as a schedule; write a number, or for example linear 0.0 to 0.2 from 0 epochs"
                + " until 10 epochs, or 0.1 at 0 epochs, 0.2 at 10 epochs");
      }
      stairs.add(new Stairs.Stair(number(stair.group(1)), span(stair.group(2))));
    }
    return new Stairs(stairs);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "cannot read \"" + text + "\" as a number; write for example 0.2", notANumber);
    }
  }

  private static Span span(String text) {
    return Span.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cannot read \"" + text + "\"; write for example 2.5 epochs or 1000 steps"));
  }

  /** The grammar, separate from the interface's members. */
  final class Patterns {
    private static final String DIGITS = "([-+0-9.eE]+)";
    private static final Pattern NUMBER = Pattern.compile(DIGITS);
    private static final Pattern RAMP =
        Pattern.compile(
            "(linear|cosine)\\s+"
                + DIGITS
                + "\\s+to\\s+"
                + DIGITS
                + "\\s+from\\s+(.+?)\\s+until\\s+(.+)");
    private static final Pattern STAIR = Pattern.compile(DIGITS + "\\s+at\\s+(.+)");

    private Patterns() {}
  }
}
