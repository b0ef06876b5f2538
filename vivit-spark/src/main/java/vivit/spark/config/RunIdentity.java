package vivit.spark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The keys in which a resumed run must agree with its checkpoint. Folders, the intervals of reports
 * and checkpoints, and the number of workers may differ; with another number of workers, results
 * are no longer equal to the bit.
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
          "train.on-non-finite",
          "train.log-every",
          "train.ledger");

  private RunIdentity() {}

  /**
   * Differences in keys that must agree, one line per key: {@code train.epochs: 30 in the run, now
   * 40}.
   */
  public static List<String> differences(String before, String now) {
    Map<String, String> old = values(before);
    Map<String, String> current = values(now);
    Set<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(current.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String was = old.getOrDefault(key, "not set");
      String is = current.getOrDefault(key, "not set");
      if (!FREE.contains(key) && !same(was, is)) {
        differences.add(key + ": " + was + " in the run, now " + is);
      }
    }
    return differences;
  }

  private static Map<String, String> values(String hocon) {
    Config config = ConfigFactory.parseString(hocon);
    return config.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> String.valueOf(entry.getValue().unwrapped()),
                (first, second) -> first,
                TreeMap::new));
  }

  private static boolean same(String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    try {
      return Double.compare(Double.parseDouble(a), Double.parseDouble(b)) == 0;
    } catch (NumberFormatException words) {
      return false;
    }
  }
}
