package vivit.dataprep.prepare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.text.Visible;

/** What differs between what a folder was begun with and what is asked for now, in sentences. */
public final class Differences {
  private static final int SHOWN = 5;

  private Differences() {}

  /** Keys of the configuration whose values differ. */
  public static List<String> settings(
      SortedMap<String, String> before, SortedMap<String, String> now) {
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String old = before.getOrDefault(key, "not set");
      String wanted = now.getOrDefault(key, "not set");
      if (!old.equals(wanted)) {
        differences.add(
            "%s was %s, now it is %s"
                .formatted(key.equals("seed") ? key : "prepare." + key, old, wanted));
      }
    }
    return differences;
  }

  /** Class names that differ. */
  public static List<String> labels(LabelHeads before, LabelHeads now) {
    List<String> differences = new ArrayList<>();
    Map<String, LabelHead> old = byName(before);
    Map<String, LabelHead> wanted = byName(now);
    if (!List.copyOf(old.keySet()).equals(List.copyOf(wanted.keySet()))) {
      return List.of("the heads were %s, now they are %s".formatted(old.keySet(), wanted.keySet()));
    }
    for (LabelHead head : before.heads()) {
      LabelHead other = wanted.get(head.name());
      if (!head.labelling().equals(other.labelling())) {
        differences.add(
            "the %s was %s, now it is %s"
                .formatted(head.name(), head.labelling().word(), other.labelling().word()));
      }
      List<String> gone = without(head.map().names(), other.map().names());
      List<String> fresh = without(other.map().names(), head.map().names());
      if (!gone.isEmpty()) {
        differences.add("of the %s names %s".formatted(head.name(), some(gone, "are gone")));
      }
      if (!fresh.isEmpty()) {
        differences.add("of the %s names %s".formatted(head.name(), some(fresh, "are new")));
      }
      if (gone.isEmpty() && fresh.isEmpty() && !head.map().names().equals(other.map().names())) {
        differences.add("the %s names are in another order".formatted(head.name()));
      }
    }
    return differences;
  }

  /** How many there are, and the first few: {@code 7 are new ("a", "b", "c", "d", "e", ...)}. */
  public static String some(List<String> names, String what) {
    return names.stream()
        .limit(SHOWN)
        .map(name -> '"' + Visible.text(name) + '"')
        .collect(
            Collectors.joining(
                ", ",
                "%d %s (".formatted(names.size(), what),
                names.size() > SHOWN ? ", ...)" : ")"));
  }

  /** A list in lines of its own, below a sentence. */
  public static String lines(List<String> sentences) {
    return sentences.stream().map(one -> "\n  " + Visible.text(one)).collect(Collectors.joining());
  }

  private static List<String> without(List<String> names, List<String> others) {
    Set<String> left = new LinkedHashSet<>(names);
    left.removeAll(Set.copyOf(others));
    return List.copyOf(left);
  }

  private static Map<String, LabelHead> byName(LabelHeads heads) {
    return heads.heads().stream()
        .collect(
            Collectors.toMap(
                LabelHead::name, head -> head, (a, b) -> a, java.util.LinkedHashMap::new));
  }
}
