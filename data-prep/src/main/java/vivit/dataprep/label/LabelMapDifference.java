package vivit.dataprep.label;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The classes in which two label maps differ.
 *
 * @param found one map
 * @param expected the other
 */
public record LabelMapDifference(LabelMap found, LabelMap expected) {
  private static final int SHOWN = 10;

  /** Names that only the first has, in its order. */
  public List<String> added() {
    return without(found, expected);
  }

  /** Names that only the second has, in its order. */
  public List<String> missing() {
    return without(expected, found);
  }

  private static List<String> without(LabelMap map, LabelMap other) {
    Set<String> names = new LinkedHashSet<>(map.names());
    other.names().forEach(names::remove);
    return List.copyOf(names);
  }

  /** Whether both have the same names, in any order. */
  public boolean sameNames() {
    return added().isEmpty() && missing().isEmpty();
  }

  /** Whether class ids mean the same in both. */
  public boolean isEmpty() {
    return found.equals(expected);
  }

  /**
   * Describes the difference with at most ten names of each kind: {@code 2 only in the shards: "a",
   * "b"; 1 only in the checkpoint: "c"}, or the ids whose names differ if only the order does.
   *
   * @param first owner of the first map
   * @param second owner of the second map
   */
  public String text(String first, String second) {
    if (sameNames()) {
      List<String> moved =
          IntStream.range(0, found.size())
              .filter(id -> !found.name(id).equals(expected.name(id)))
              .mapToObj(
                  id ->
                      "%d is \"%s\" in %s, \"%s\" in %s"
                          .formatted(id, found.name(id), first, expected.name(id), second))
              .toList();
      return "the same %d classes in another order: %s".formatted(found.size(), listed(moved));
    }
    List<String> parts = new ArrayList<>();
    part(parts, added(), first);
    part(parts, missing(), second);
    return String.join("; ", parts);
  }

  private static void part(List<String> parts, List<String> names, String where) {
    if (!names.isEmpty()) {
      parts.add("%d only in %s: %s".formatted(names.size(), where, quoted(names)));
    }
  }

  private static String quoted(List<String> names) {
    return listed(names.stream().map(name -> '"' + name + '"').toList());
  }

  private static String listed(List<String> all) {
    int hidden = all.size() - SHOWN;
    return all.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + (hidden > 0 ? " and " + hidden + " more" : "");
  }
}
