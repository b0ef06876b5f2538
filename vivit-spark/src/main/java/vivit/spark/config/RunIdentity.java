package vivit.spark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import vivit.dataprep.config.EffectiveConfig;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.text.Visible;

/**
 * The keys in which a resumed run must agree with its checkpoint. Folders, the intervals of reports
 * and checkpoints, validation, and the number of workers may differ; with another number of
 * workers, results are no longer equal to the bit. A key of {@code train} that the release of the
 * run did not have agrees at its default, which is what that release did.
 */
public final class RunIdentity {
  private static final Set<String> FREE =
      Set.of(
          "train.shards",
          "train.run",
          "train.workers",
          "train.checkpoint.every",
          "train.checkpoint.keep",
          "train.checkpoint.keep-best",
          "train.extend",
          "train.on-non-finite",
          "train.log-every",
          "train.ledger");

  /** What keys meant in runs that stated them and is their meaning now if they are not set. */
  private static final Map<String, String> MEANT = Map.of("train.momentum", "0.9");

  /** Keys by their names in older versions. */
  private static final Map<String, String> RENAMED =
      Map.of("train.averaging-frequency", "train.averaging.every");

  /** Looks at a run and may end it early, but changes none of its steps. */
  private static final String VALIDATION = "train.validate.";

  /** May differ if the run is to be longer, which {@code train.extend} says. */
  private static final Set<String> LENGTH = Set.of("train.epochs", "train.min-steps");

  private RunIdentity() {}

  /**
   * Differences in keys that must agree, one line per key: {@code train.batch-size: 64 in the run,
   * now 32}. Values that came from environment variables are compared, but not shown.
   *
   * @param before the configuration that the run stored
   * @param place file of that configuration, for messages
   * @throws vivit.dataprep.config.ConfigException if it is not one that this program writes
   */
  public static List<String> differences(String before, String place, Experiment experiment) {
    EffectiveConfig now = experiment.effective();
    boolean extend = experiment.training().extend();
    SortedMap<String, String> old = new TreeMap<>();
    EffectiveConfig.read(before, place)
        .forEach((key, value) -> old.put(RENAMED.getOrDefault(key, key), value));
    SortedMap<String, String> current = now.shown();
    SortedMap<String, String> defaults = StrictConfig.load().effective("train").values();
    Set<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(current.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String was = old.getOrDefault(key, defaults.getOrDefault(key, "not set"));
      boolean meant = !current.containsKey(key) && was.equals(MEANT.get(key));
      boolean free = isFree(key) || (extend && LENGTH.contains(key));
      if (!free && !meant && !now.agrees(key, was)) {
        differences.add(Visible.text(difference(key, was, current.getOrDefault(key, "not set"))));
      }
    }
    return differences;
  }

  private static boolean isFree(String key) {
    return FREE.contains(key) || key.startsWith(VALIDATION);
  }

  private static String difference(String key, String was, String is) {
    Optional<String> stored = EffectiveConfig.variable(was);
    if (stored.isPresent()) {
      return "%s: another value in the run, where it came from the environment variable %s; set %s as it was then, or give %s that value"
          .formatted(key, stored.get(), stored.get(), key);
    }
    return "%s: %s in the run, now %s"
        .formatted(
            key,
            was,
            EffectiveConfig.variable(is)
                .map(variable -> "another value from the environment variable " + variable)
                .orElse(is));
  }
}
