package vivit.spark.config;

import java.util.List;
import vivit.dataprep.config.Section;
import vivit.dataprep.text.Kebab;
import vivit.model.engine.UpdateRule;
import vivit.spark.schedule.Strength;

/** Reads the update rule and its constants, keys of the section {@code train}. */
public final class UpdateRules {
  private static final double MOMENTUM = 0.9;
  private static final double ADAM_BETA2 = 0.999;
  private static final double LION_BETA2 = 0.99;
  private static final double EPSILON = 1e-8;

  private static final List<String> KEYS = List.of("momentum", "beta1", "beta2", "epsilon");

  /** The values of {@code train.optimiser}. */
  private enum Name {
    SGD,
    ADAMW,
    LION;

    /** The keys of this rule's constants. */
    List<String> keys() {
      return switch (this) {
        case SGD -> KEYS.subList(0, 1);
        case ADAMW -> KEYS.subList(1, 4);
        case LION -> KEYS.subList(1, 3);
      };
    }
  }

  private UpdateRules() {}

  /**
   * Reads the rule; constants that are not set get the rule's usual values. Records a problem for
   * constants of another rule.
   */
  public static UpdateRule read(Section train) {
    Name name = train.choice("optimiser", Name.class);
    for (String key : KEYS) {
      if (!name.keys().contains(key) && train.optionalText(key).isPresent()) {
        train.problem(
            key,
            "found %s, but train.optimiser=%s has no %s; it has %s"
                .formatted(train.text(key), Kebab.of(name), key, String.join(", ", name.keys())));
      }
    }
    return switch (name) {
      case SGD -> new UpdateRule.Sgd(share(train, "momentum", MOMENTUM));
      case ADAMW ->
          new UpdateRule.AdamW(
              share(train, "beta1", MOMENTUM),
              share(train, "beta2", ADAM_BETA2),
              train.optionalText("epsilon").isPresent()
                  ? train.number("epsilon", Double.MIN_NORMAL, 1)
                  : EPSILON);
      case LION ->
          new UpdateRule.Lion(share(train, "beta1", MOMENTUM), share(train, "beta2", LION_BETA2));
    };
  }

  private static double share(Section train, String key, double usual) {
    return train.optionalText(key).isPresent() ? train.number(key, 0, Strength.BELOW_ONE) : usual;
  }
}
