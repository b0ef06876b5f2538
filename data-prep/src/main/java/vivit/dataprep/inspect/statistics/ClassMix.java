package vivit.dataprep.inspect.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How mixed the beginning of a set is, against the same videos in random order.
 *
 * @param present classes with clips, of all heads
 * @param prefixes by growing length
 */
public record ClassMix(int present, List<Prefix> prefixes) {
  private static final double[] SHARES = {
    0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1
  };
  private static final int DRAWS = 5;

  /**
   * The first clips of a set.
   *
   * @param share of all clips
   * @param clips that many
   * @param classes of these clips
   * @param distance share of its labels that would have to change to be spread as in the whole set:
   *     0 is the same mix, towards 1 a few classes only
   * @param randomClasses classes in so many clips of videos in random order, on average
   * @param randomDistance distance of these, on average
   */
  public record Prefix(
      double share,
      int clips,
      int classes,
      double distance,
      double randomClasses,
      double randomDistance) {}

  /** Of clips in the order of the set. */
  public static ClassMix of(List<ClipFact> clips, int classes, long seed) {
    long[] whole = new long[classes];
    clips.forEach(clip -> clip.classes().forEach(label -> whole[label]++));
    int[] lengths =
        Arrays.stream(SHARES)
            .mapToInt(share -> Math.max(1, (int) Math.round(share * clips.size())))
            .toArray();
    double[][] own = measure(clips, whole, lengths);
    double[][] random = new double[lengths.length][2];
    Random draw = new Random(seed);
    for (int i = 0; i < DRAWS; i++) {
      double[][] one = measure(shuffled(clips, draw), whole, lengths);
      for (int k = 0; k < lengths.length; k++) {
        random[k][0] += one[k][0] / DRAWS;
        random[k][1] += one[k][1] / DRAWS;
      }
    }
    List<Prefix> prefixes = new ArrayList<>();
    for (int k = 0; k < lengths.length && !clips.isEmpty(); k++) {
      prefixes.add(
          new Prefix(
              SHARES[k], lengths[k], (int) own[k][0], own[k][1], random[k][0], random[k][1]));
    }
    int present = (int) Arrays.stream(whole).filter(n -> n > 0).count();
    return new ClassMix(present, List.copyOf(prefixes));
  }

  /** The prefix that is this share of the set, if there are clips at all. */
  public Prefix at(double share) {
    return prefixes.stream().filter(p -> p.share() == share).findFirst().orElseThrow();
  }

  /** Videos in random order, the clips of one together. */
  private static List<ClipFact> shuffled(List<ClipFact> clips, Random draw) {
    Map<Long, List<ClipFact>> videos = new LinkedHashMap<>();
    clips.forEach(c -> videos.computeIfAbsent(c.video(), v -> new ArrayList<>()).add(c));
    List<List<ClipFact>> order = new ArrayList<>(videos.values());
    Collections.shuffle(order, draw);
    return order.stream().flatMap(List::stream).toList();
  }

  /** Per length {classes, distance}. */
  private static double[][] measure(List<ClipFact> clips, long[] whole, int[] lengths) {
    double[][] found = new double[lengths.length][];
    long[] counts = new long[whole.length];
    int next = 0;
    for (int i = 0; i < clips.size(); i++) {
      clips.get(i).classes().forEach(label -> counts[label]++);
      while (next < lengths.length && lengths[next] == i + 1) {
        found[next++] =
            new double[] {
              Arrays.stream(counts).filter(n -> n > 0).count(), distance(counts, whole)
            };
      }
    }
    while (next < lengths.length) {
      found[next++] = new double[2];
    }
    return found;
  }

  /** Total variation distance of two histograms. */
  static double distance(long[] some, long[] whole) {
    double someSum = Math.max(1, Arrays.stream(some).sum());
    double wholeSum = Math.max(1, Arrays.stream(whole).sum());
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += Math.abs(some[i] / someSum - whole[i] / wholeSum);
    }
    return sum / 2;
  }
}
