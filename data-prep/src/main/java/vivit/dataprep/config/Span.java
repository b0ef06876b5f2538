package vivit.dataprep.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of training with its unit, as in {@code warmup = 2.5 epochs} or {@code evaluate-every =
 * 1000 steps}.
 */
public record Span(double amount, Unit unit) {

  /** The unit of {@link #amount}. */
  public enum Unit {
    STEPS,
    EPOCHS
  }

  private static final Pattern FORM =
      Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?)\\s*(step|steps|epoch|epochs)\\s*");

  /** Refuses negative and non-finite amounts. */
  public Span {
    if (!(amount >= 0) || Double.isInfinite(amount)) {
      throw new IllegalArgumentException("span " + amount + " " + unit + "; expected 0 or more");
    }
  }

  /** Reads {@code "2.5 epochs"} or {@code "1000 steps"}; empty when the text is neither. */
  public static Optional<Span> parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Unit unit = matcher.group(2).startsWith("s") ? Unit.STEPS : Unit.EPOCHS;
    return Optional.of(new Span(Double.parseDouble(matcher.group(1)), unit));
  }

  /** Converts this length to steps, without rounding. */
  public double steps(long stepsPerEpoch) {
    return unit == Unit.STEPS ? amount : amount * stepsPerEpoch;
  }

  @Override
  public String toString() {
    String number =
        amount == Math.rint(amount) ? Long.toString((long) amount) : Double.toString(amount);
    return number + " " + unit.name().toLowerCase(Locale.ROOT);
  }
}
