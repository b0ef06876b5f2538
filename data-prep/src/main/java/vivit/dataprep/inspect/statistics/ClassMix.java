package vivit.dataprep.inspect.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The mix of classes at the start of a set, compared with the same videos in random order.
 *
 * @param present number of classes with clips, over all heads
 * @param prefixes in order of length
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
   * @param clips number of clips
   * @param classes number of classes among them
   * @param distance share of their labels that would have to change to match the distribution of
   *     the whole set: 0 for the same mix, close to 1 for only a few classes
   * @param randomClasses mean number of classes in as many clips of videos in random order
   * @param randomDistance mean distance of these
   */
  public record Prefix(
      double share,
      int clips,
      int classes,
      double distance,
      double randomClasses,
      double randomDistance) {}

  /** Measures clips given in set order. */
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

  /** The prefix with this share of the set; requires at least one clip. */
  public Prefix at(double share) {
    return prefixes.stream().filter(p -> p.share() == share).findFirst().orElseThrow();
  }

  /** Shuffles the videos and keeps the clips of each together. */
  private static List<ClipFact> shuffled(List<ClipFact> clips, Random draw) {
    Map<Long, List<ClipFact>> videos = new LinkedHashMap<>();
    clips.forEach(c -> videos.computeIfAbsent(c.video(), v -> new ArrayList<>()).add(c));
    List<List<ClipFact>> order = new ArrayList<>(videos.values());
    Collections.shuffle(order, draw);
    return order.stream().flatMap(List::stream).toList();
  }

  /** Returns {classes, distance} for every length. */
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

  /** Total variation distance between two histograms. */
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
