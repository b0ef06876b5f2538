package vivit.spark.probe;

import java.io.Serializable;
import java.util.Locale;
import vivit.dataprep.text.Kebab;

/**
 * One probe of the grid.
 *
 * @param kind what it reads
 * @param rate learning rate at the first step
 * @param weightDecay share of a kernel that a step subtracts, times the learning rate
 */
public record ProbePoint(ProbeKind kind, double rate, double weightDecay) implements Serializable {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s, rate %s, weight decay %s", Kebab.of(kind), rate, weightDecay);
  }
}
