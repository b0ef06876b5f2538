package vivit.dataprep.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the known key or name closest to a misspelt one. */
public final class NearestKey {
  private NearestKey() {}

  /**
   * The closest of {@code known} within a third of the key's length; a key with the same last part,
   * or whose last part this one abbreviates ({@code lr} for {@code learning-rate}), counts as
   * close. Case and {@code _} for {@code -} do not count.
   */
  static Optional<String> of(String written, Collection<String> known) {
    String key = written.toLowerCase(Locale.ROOT).replace('_', '-');
    String best = null;
    int bestDistance = Math.max(2, key.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(key, candidate);
      if (lastPart(candidate).equals(lastPart(key))) {
        distance = Math.min(distance, 2);
      } else if (initials(lastPart(candidate)).equals(lastPart(key))) {
        distance = Math.min(distance, firstPart(candidate).equals(firstPart(key)) ? 1 : 2);
      }
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Names in {@code known} within a third of the name's length, nearest first; at most {@code
   * most}.
   */
  public static List<String> similar(String name, Collection<String> known, int most) {
    record Near(String name, int distance) {}
    String lower = name.toLowerCase(Locale.ROOT);
    int furthest = Math.max(2, name.length() / 3);
    return known.stream()
        .filter(one -> Math.abs(one.length() - name.length()) <= furthest)
        .map(one -> new Near(one, distance(lower, one.toLowerCase(Locale.ROOT))))
        .filter(near -> near.distance <= furthest)
        .sorted(Comparator.comparingInt(Near::distance))
        .limit(most)
        .map(Near::name)
        .toList();
  }

  private static String firstPart(String key) {
    return key.contains(".") ? key.substring(0, key.indexOf('.')) : "";
  }

  /** {@code lr} of {@code learning-rate}; empty for a single word. */
  private static String initials(String part) {
    return part.contains("-")
        ? Arrays.stream(part.split("-", -1))
            .map(word -> word.substring(0, Math.min(1, word.length())))
            .collect(Collectors.joining())
        : "";
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
