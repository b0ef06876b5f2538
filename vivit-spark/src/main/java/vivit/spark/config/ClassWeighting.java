package vivit.spark.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import vivit.dataprep.config.Section;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.Manifest;

/**
 * How the loss of a clip is weighed by its class; docs/vivit.md, 5.2.
 *
 * @param rule how the weight follows from the number of clips
 * @param factors on the weights of single classes, by name
 */
public record ClassWeighting(WeightRule rule, SortedMap<String, Double> factors) {

  public ClassWeighting {
    factors = Collections.unmodifiableSortedMap(new TreeMap<>(factors));
  }

  /** The weight of a class as a function of its share of the training clips. */
  public enum WeightRule {
    NONE,
    INVERSE,
    INVERSE_SQUARE_ROOT;

    /** The weight up to a factor that all classes have in common. */
    private double of(long clips) {
      return switch (this) {
        case NONE -> 1;
        case INVERSE -> 1.0 / clips;
        case INVERSE_SQUARE_ROOT -> 1 / Math.sqrt((double) clips);
      };
    }
  }

  /** Whether there are weights at all. */
  public boolean active() {
    return rule != WeightRule.NONE || !factors.isEmpty();
  }

  /** Records a problem for what the classes of a shard set do not allow. */
  void check(Manifest shards, Section train) {
    if (!active()) {
      return;
    }
    for (LabelHead head : shards.heads()) {
      if (head.labelling() == Labelling.MULTI_LABEL) {
        train.problem(
            rule == WeightRule.NONE ? "class-weight-factors" : "class-weights",
            "class weights are for one class per clip, but the shards are multi-label (%s);"
                    .formatted(head.name())
                + " remove them");
      }
    }
    if (!factors.isEmpty() && shards.heads().count() > 1) {
      train.problem(
          "class-weight-factors",
          "factors are for shards of one head, but these have %d; remove them"
              .formatted(shards.heads().count()));
      return;
    }
    if (weighsNothing(shards)) {
      train.problem(
          "class-weight-factors",
          "every class with clips has a factor of 0; nothing would be learnt");
    }
    List<String> names = shards.labels();
    for (String name : factors.keySet()) {
      if (!names.contains(name)) {
        train.problem(
            "class-weight-factors",
            "the shards have no class \"%s\"; two of their classes are \"%s\" and \"%s\""
                .formatted(name, names.get(0), names.get(names.size() - 1)));
      }
    }
  }

  private boolean weighsNothing(Manifest shards) {
    Iterator<Long> clips = shards.clipsPerLabel().iterator();
    double sum = 0;
    for (double[] head : weights(shards)) {
      for (double weight : head) {
        sum += weight * clips.next();
      }
    }
    return sum == 0;
  }

  /**
   * The weights, per head {@code [k]}: their mean over the training clips is 1, before the factors;
   * 1 for a class without clips. Empty if all are 1.
   */
  public List<double[]> weights(Manifest shards) {
    if (!active()) {
      return List.of();
    }
    List<double[]> weights = new ArrayList<>();
    int offset = 0;
    for (LabelHead head : shards.heads()) {
      List<Long> clips = shards.clipsPerLabel().subList(offset, offset + head.classes());
      weights.add(weights(head, clips));
      offset += head.classes();
    }
    return weights;
  }

  private double[] weights(LabelHead head, List<Long> clips) {
    double all = 0;
    double sum = 0;
    for (long some : clips) {
      all += some;
      sum += some == 0 ? 0 : some * rule.of(some);
    }
    double[] weights = new double[clips.size()];
    for (int k = 0; k < weights.length; k++) {
      double weight = clips.get(k) == 0 ? 1 : rule.of(clips.get(k)) * all / sum;
      weights[k] = weight * factors.getOrDefault(head.map().name(k), 1.0);
    }
    return weights;
  }
}
