package vivit.model.parameter;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What single parameters make of a step's learning rate and weight decay.
 *
 * @param ranges of the flat vector, in order and without gaps
 */
public record ParameterRates(List<Range> ranges) implements Serializable {

  /**
   * Elements {@code from} to before {@code to}.
   *
   * @param factor of the learning rate; 0 freezes: the values stay, the gradients count nowhere
   * @param decays whether weight decay works on them: kernels that are not frozen
   */
  public record Range(long from, long to, double factor, boolean decays) implements Serializable {}

  /** Copies the list. */
  public ParameterRates {
    ranges = List.copyOf(ranges);
  }

  /** The same without weight decay: fewer ranges. */
  public ParameterRates withoutDecay() {
    List<Range> merged = new ArrayList<>();
    for (Range range : ranges) {
      append(merged, new Range(range.from(), range.to(), range.factor(), false));
    }
    return new ParameterRates(merged);
  }

  /** Ranges with a factor of 0. */
  public List<Range> frozen() {
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
    List<Range> ranges = new ArrayList<>();
    for (Parameter parameter : index.parameters()) {
      double rate = factor.applyAsDouble(parameter);
      if (!(rate >= 0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException(
            "Parameter %s has a learning-rate factor of %s; expected 0 or more"
                .formatted(parameter.name(), rate));
      }
      long end = parameter.offset() + parameter.length();
      boolean decays = rate > 0 && parameter.name().contains("kernel");
      append(ranges, new Range(parameter.offset(), end, rate, decays));
    }
    return new ParameterRates(ranges);
  }

  /** Grows the last range where the next is treated as it is. */
  private static void append(List<Range> ranges, Range next) {
    if (!ranges.isEmpty()) {
      Range last = ranges.get(ranges.size() - 1);
      if (last.factor() == next.factor() && last.decays() == next.decays()) {
        ranges.set(
            ranges.size() - 1, new Range(last.from(), next.to(), next.factor(), next.decays()));
        return;
      }
    }
    ranges.add(next);
  }
}
