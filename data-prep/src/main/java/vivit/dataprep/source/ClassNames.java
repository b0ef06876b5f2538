package vivit.dataprep.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import vivit.dataprep.config.NearestKey;
import vivit.dataprep.label.LabelMap;

/**
 * Matches the names in annotations with the classes of one head: equal names share one object,
 * names that differ in blanks, invisible characters or decomposition (from a Mac) are equal, and
 * for unknown names similar ones are suggested.
 */
final class ClassNames {
  /** Largest number of unknown names that get suggestions. */
  private static final int MOST_SUGGESTIONS = 200;

  /** Longest name and longest list for which similar names are looked for, which takes time. */
  private static final int LONGEST_NAME = 200;

  private static final int LONGEST_LIST = 20_000;

  private final Optional<LabelMap> map;
  private final String origin;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, String> plain = new HashMap<>();
  private final Map<String, String> unknown = new HashMap<>();

  /**
   * Creates the names of one head.
   *
   * @param map the list of classes, if there is one
   * @param origin source of the list
   */
  ClassNames(Optional<LabelMap> map, String origin) {
    this.map = map;
    this.origin = origin;
    for (String name : map.map(LabelMap::names).orElse(List.of())) {
      names.put(AnnotationText.cleaned(name), name);
      plain.merge(VideoNames.plain(name), name, (one, other) -> "");
    }
  }

  /** The class of this name; empty if there is a list that lacks the name. */
  Optional<String> find(String name) {
    String cleaned = AnnotationText.cleaned(name);
    return map.isEmpty()
        ? Optional.of(names.computeIfAbsent(cleaned, same -> same))
        : Optional.ofNullable(names.get(cleaned));
  }

  /** The class of a folder, which may have underscores for spaces, and lack punctuation. */
  Optional<String> ofFolder(String name) {
    return find(name)
        .or(() -> Optional.ofNullable(plain.get(VideoNames.plain(name))).filter(n -> !n.isEmpty()));
  }

  /** The class of a name or an id. */
  Optional<String> ofNameOrId(String name) {
    return find(name)
        .or(() -> name.matches("\\d{1,9}") ? of(Integer.parseInt(name)) : Optional.empty());
  }

  /** The class of an id in the list. */
  Optional<String> of(int id) {
    return map.filter(list -> id < list.size()).map(list -> list.name(id));
  }

  /** The expected classes, for a message about an unknown name or id. */
  String expected(String name) {
    int classes = map.map(LabelMap::size).orElse(0);
    String among = "one of the %d classes of %s".formatted(classes, origin);
    if (name.matches("\\d+")
        || name.length() > LONGEST_NAME
        || classes > LONGEST_LIST
        || (unknown.size() >= MOST_SUGGESTIONS && !unknown.containsKey(name))) {
      return among;
    }
    return unknown.computeIfAbsent(name, wrong -> among + similar(wrong));
  }

  private String similar(String name) {
    List<String> near = NearestKey.similar(name, map.map(LabelMap::names).orElse(List.of()), 3);
    return near.isEmpty()
        ? ""
        : ", such as "
            + near.stream().map(like -> '"' + like + '"').collect(Collectors.joining(", "));
  }
}
