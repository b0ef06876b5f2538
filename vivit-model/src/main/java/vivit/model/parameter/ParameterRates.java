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
      append(ranges, parameter, rate, rate > 0 && parameter.name().contains("kernel"));
    }
    return new ParameterRates(ranges);
  }

  /** Grows the last range where the parameter is treated as it is. */
  private static void append(
      List<Range> ranges, Parameter parameter, double factor, boolean decays) {
    long from = parameter.offset();
    long to = from + parameter.length();
    if (!ranges.isEmpty()) {
      Range last = ranges.get(ranges.size() - 1);
      if (last.factor() == factor && last.decays() == decays) {
        ranges.set(ranges.size() - 1, new Range(last.from(), to, factor, decays));
        return;
      }
    }
    ranges.add(new Range(from, to, factor, decays));
  }
}
