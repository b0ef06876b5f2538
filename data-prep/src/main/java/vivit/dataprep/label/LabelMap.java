package vivit.dataprep.label;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import vivit.dataprep.storage.Sha256;

/** Class names and their ids: the id of a name is its index in the list, from 0. */
public final class LabelMap implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<String> names;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  private LabelMap(List<String> names) {
    this.names = List.copyOf(names);
    for (String name : this.names) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("Label " + ids.size() + " has an empty name");
      }
      if (ids.putIfAbsent(name, ids.size()) != null) {
        throw new IllegalArgumentException(
            "The label \"%s\" is listed twice, as %d and %d"
                .formatted(name, ids.get(name), this.names.lastIndexOf(name)));
      }
    }
  }

  /** Creates a map with the names in the given order. Empty and repeated names are refused. */
  public static LabelMap of(List<String> names) {
    return new LabelMap(names);
  }

  /**
   * Creates a map of the distinct names, sorted by Unicode code point, so that the same classes
   * always have the same ids. If all names are numbers, as in lists without names, they are sorted
   * by value.
   */
  public static LabelMap sorted(Collection<String> names) {
    boolean numbers = names.stream().allMatch(name -> name.matches("[0-9]{1,9}"));
    Comparator<String> byName = LabelMap::compareCodePoints;
    TreeSet<String> sorted =
        new TreeSet<>(
            numbers
                ? Comparator.<String>comparingInt(Integer::parseInt).thenComparing(byName)
                : byName);
    sorted.addAll(names);
    return new LabelMap(new ArrayList<>(sorted));
  }

  public List<String> names() {
    return names;
  }

  public int size() {
    return names.size();
  }

  public String name(int id) {
    return names.get(id);
  }

  public OptionalInt id(String name) {
    Integer id = ids.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** SHA-256, in hexadecimal, of every name followed by a zero byte, in UTF-8. */
  public String hash() {
    MessageDigest digest = Sha256.digest();
    for (String name : names) {
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return Sha256.hex(digest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelMap map && names.equals(map.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }

  private static int compareCodePoints(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
