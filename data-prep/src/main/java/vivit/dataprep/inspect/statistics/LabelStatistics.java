package vivit.dataprep.inspect.statistics;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;

/**
 * The classes of one head.
 *
 * @param head name of the head
 * @param labelling {@code single-label} or {@code multi-label}
 * @param first number of its first class in a row of all heads' classes
 * @param classes in order of id
 */
public record LabelStatistics(String head, String labelling, int first, List<ClassCount> classes) {

  /**
   * One class.
   *
   * @param clips as the manifest says
   * @param videos of this class with clips; where the manifest does not count them, among the
   *     readable clips
   * @param quarantined videos of this class that were left out
   */
  public record ClassCount(int id, String name, long clips, long videos, long quarantined) {
    /** Share of the class's videos that were left out; 0 if it has none at all. */
    public double quarantinedShare() {
      return quarantined == 0 ? 0 : (double) quarantined / (quarantined + videos);
    }
  }

  /** Counts a head's classes. */
  static LabelStatistics of(
      Manifest manifest, int number, List<ClipFact> clips, QuarantineStatistics quarantine) {
    LabelHead head = manifest.heads().get(number);
    int first = manifest.heads().offset(number);
    long[] videos = new long[head.classes()];
    record Pair(long video, int label) {}
    Set<Pair> seen = new HashSet<>();
    for (ClipFact clip : clips) {
      for (int label : clip.classes()) {
        boolean ours = label >= first && label < first + head.classes();
        if (ours && seen.add(new Pair(clip.video(), label))) {
          videos[label - first]++;
        }
      }
    }
    return new LabelStatistics(
        head.name(),
        head.labelling().word(),
        first,
        IntStream.range(0, head.classes())
            .mapToObj(id -> count(manifest, number, id, videos[id], quarantine))
            .toList());
  }

  private static ClassCount count(
      Manifest manifest, int number, int id, long seen, QuarantineStatistics quarantine) {
    int place = manifest.heads().offset(number) + id;
    String name = manifest.heads().get(number).map().name(id);
    long clips = manifest.clipsPerLabel().get(place);
    Quarantine counted = manifest.quarantine();
    if (!counted.countsClasses()) {
      return new ClassCount(id, name, clips, seen, quarantine.of(number, name));
    }
    long bad = counted.badPerLabel().get(place);
    return new ClassCount(id, name, clips, counted.videosPerLabel().get(place) - bad, bad);
  }

  /** Classes by falling number of clips, then by id. */
  public List<ClassCount> ranked() {
    return classes.stream()
        .sorted(
            Comparator.comparingLong(ClassCount::clips).reversed().thenComparingInt(ClassCount::id))
        .toList();
  }

  /** Classes without a clip. */
  public List<ClassCount> empty() {
    return classes.stream().filter(c -> c.clips() == 0).toList();
  }

  /** Clips of the largest class over those of the smallest that has any; NaN without clips. */
  public double imbalance() {
    long largest = classes.stream().mapToLong(ClassCount::clips).max().orElse(0);
    long smallest =
        classes.stream().mapToLong(ClassCount::clips).filter(n -> n > 0).min().orElse(0);
    return smallest == 0 ? Double.NaN : (double) largest / smallest;
  }

  /** How many equally large classes would be as varied: the exponential of the entropy. */
  public double effectiveClasses() {
    double all = classes.stream().mapToLong(ClassCount::clips).sum();
    return Math.exp(
        classes.stream()
            .filter(c -> c.clips() > 0)
            .mapToDouble(c -> -c.clips() / all * Math.log(c.clips() / all))
            .sum());
  }
}
