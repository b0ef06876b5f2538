package vivit.model.parameter;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What single parameters make of a step's learning rate: factors over ranges of the flat vector.
 *
 * @param slowed ranges whose factor is neither 0 nor 1
 * @param frozen ranges that keep their values; their gradients count nowhere
 * @param decayed ranges of kernels that are not frozen: what weight decay works on
 */
public record ParameterRates(List<Range> slowed, List<Range> frozen, List<Range> decayed)
    implements Serializable {

  /** Part of the flat vector: elements {@code from} to before {@code to}. */
  public record Range(long from, long to, double factor) implements Serializable {}

  /** Copies the lists. */
  public ParameterRates {
    slowed = List.copyOf(slowed);
    frozen = List.copyOf(frozen);
    decayed = List.copyOf(decayed);
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
    List<Range> slowed = new ArrayList<>();
    List<Range> frozen = new ArrayList<>();
    List<Range> decayed = new ArrayList<>();
    for (Parameter parameter : index.parameters()) {
      double rate = factor.applyAsDouble(parameter);
      if (!(rate >= 0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException(
            "Parameter %s has a learning-rate factor of %s; expected 0 or more"
                .formatted(parameter.name(), rate));
      }
      if (rate == 0) {
        append(frozen, parameter, 0);
      } else {
        if (rate != 1) {
          append(slowed, parameter, rate);
        }
        if (parameter.name().contains("kernel")) {
          append(decayed, parameter, rate);
        }
      }
    }
    return new ParameterRates(slowed, frozen, decayed);
  }

  /** Grows the last range where the parameter follows it with the same factor. */
  private static void append(List<Range> ranges, Parameter parameter, double factor) {
    long from = parameter.offset();
    long to = from + parameter.length();
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).to() == from && ranges.get(last).factor() == factor) {
      ranges.set(last, new Range(ranges.get(last).from(), to, factor));
    } else {
      ranges.add(new Range(from, to, factor));
    }
  }
}
