package vivit.spark.probe;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import vivit.spark.input.Draws;
import vivit.spark.input.Draws.Use;

/** The training videos on which probes are compared, and not trained. */
final class HeldOut {
  private HeldOut() {}

  /**
   * Draws a share of the videos, at least one and not all: those with the smallest numbers drawn
   * from (seed, id), so that the choice depends on nothing else.
   *
   * @param videos at least two different ids
   */
  static Set<String> of(Collection<String> videos, double share, long seed) {
    List<String> all =
        videos.stream()
            .distinct()
            .sorted(
                Comparator.<String>comparingLong(video -> number(video, seed))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    if (all.size() < 2) {
      throw new IllegalArgumentException("%d videos, expected 2 or more".formatted(all.size()));
    }
    long wanted = Math.round(share * all.size());
    return new HashSet<>(all.subList(0, (int) Math.max(1, Math.min(all.size() - 1, wanted))));
  }

  private static long number(String video, long seed) {
    long[] key = new long[video.length() + 1];
    key[0] = seed;
    for (int i = 0; i < video.length(); i++) {
      key[i + 1] = video.charAt(i);
    }
    return Draws.seed(Use.PROBE, key);
  }
}
