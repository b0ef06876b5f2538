package vivit.spark.schedule;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of all schedules at one step; sent with the round, written to the metrics.
 *
 * @param learningRate factor on the momentum buffer
 * @param strengths one value per {@link Strength}; 0 if not given
 */
public record StepValues(double learningRate, Map<Strength, Double> strengths)
    implements Serializable {

  public StepValues {
    Map<Strength, Double> all = new EnumMap<>(Strength.class);
    for (Strength strength : Strength.values()) {
      all.put(strength, strengths.getOrDefault(strength, 0.0));
    }
    strengths = Collections.unmodifiableMap(all);
  }

  /** The value of one strength. */
  public double of(Strength strength) {
    return strengths.get(strength);
  }

  /** All strengths by their names in the metrics, always in the same order. */
  public Map<String, Double> byMetric() {
    Map<String, Double> named = new LinkedHashMap<>();
    strengths.forEach((strength, value) -> named.put(strength.metric(), value));
    return named;
  }
}
