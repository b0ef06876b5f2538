package vivit.model.parameter;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Learning-rate factors and weight decay per parameter.
 *
 * @param ranges of the flat vector, in order and without gaps
 */
public record ParameterRates(List<RateRange> ranges) implements Serializable {

  /**
   * A range of elements with the same treatment.
   *
   * @param from first element
   * @param to element after the last
   * @param factor of the learning rate; 0 freezes the parameters and leaves their gradients out of
   *     the norm
   * @param decays whether weight decay applies, as it does to kernels that are not frozen
   */
  public record RateRange(long from, long to, double factor, boolean decays)
      implements Serializable {}

  /** Copies the list. */
  public ParameterRates {
    ranges = List.copyOf(ranges);
  }

  /** The same factors without weight decay, in fewer ranges. */
  public ParameterRates withoutDecay() {
    List<RateRange> merged = new ArrayList<>();
    for (RateRange range : ranges) {
      append(merged, new RateRange(range.from(), range.to(), range.factor(), false));
    }
    return new ParameterRates(merged);
  }

  /** Number of parameters that are not frozen. */
  public long trained() {
    return ranges.stream()
        .filter(range -> range.factor() > 0)
        .mapToLong(range -> range.to() - range.from())
        .sum();
  }

  /** Ranges with a factor of 0. */
  public List<RateRange> frozen() {
    return ranges.stream().filter(range -> range.factor() == 0).toList();
  }

  /** The same rate for every parameter. */
  public static ParameterRates uniform(ParameterIndex index) {
    return of(index, parameter -> 1);
  }

  /**
   * Rates by parameter.
   *
   * @param factor on the learning rate, 0 or more; 0 freezes
   */
  public static ParameterRates of(ParameterIndex index, ToDoubleFunction<Parameter> factor) {
    List<RateRange> ranges = new ArrayList<>();
    for (Parameter parameter : index.parameters()) {
      double rate = factor.applyAsDouble(parameter);
      if (!(rate >= 0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException(
            "Parameter %s has a learning-rate factor of %s; expected 0 or more"
                .formatted(parameter.name(), rate));
      }
      long end = parameter.offset() + parameter.length();
      boolean decays = rate > 0 && parameter.name().contains("kernel");
      append(ranges, new RateRange(parameter.offset(), end, rate, decays));
    }
    return new ParameterRates(ranges);
  }

  /** Appends a range, or extends the last one if both have the same treatment. */
  private static void append(List<RateRange> ranges, RateRange next) {
    if (!ranges.isEmpty()) {
      RateRange last = ranges.get(ranges.size() - 1);
      if (last.factor() == next.factor() && last.decays() == next.decays()) {
        ranges.set(
            ranges.size() - 1, new RateRange(last.from(), next.to(), next.factor(), next.decays()));
        return;
      }
    }
    ranges.add(next);
  }
}
