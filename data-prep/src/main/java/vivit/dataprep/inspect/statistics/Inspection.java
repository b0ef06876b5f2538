package vivit.dataprep.inspect.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;

/**
 * Everything that looking at a set found; what could not be read is a problem.
 *
 * @param folder of the set
 * @param set its manifest and figures; empty if it has no manifest that can be trusted
 * @param quarantine videos that were left out
 * @param pictures of the selected clips, by place
 * @param selection which these are
 * @param problems one sentence each; none for a set in which nothing damaged was seen
 */
public record Inspection(
    String folder,
    Optional<Described> set,
    QuarantineStatistics quarantine,
    ClipSelection selection,
    Map<ClipPlace, ClipPicture> pictures,
    List<String> problems) {

  /** A manifest and what the shards say. */
  public record Described(Manifest manifest, SetStatistics statistics) {}

  public Inspection {
    pictures = Map.copyOf(pictures);
    problems = List.copyOf(problems);
  }

  /** Of a folder without a manifest that can be trusted: what a failed preparation leaves. */
  public static Inspection withoutSet(String folder, Quarantine quarantine, String problem) {
    return new Inspection(
        folder,
        Optional.empty(),
        QuarantineStatistics.of(quarantine),
        new ClipSelection(List.of(), Map.of()),
        Map.of(),
        List.of(problem));
  }

  /** Whether nothing damaged was seen. */
  public boolean isGood() {
    return problems.isEmpty();
  }

  /** Pictures of the random clips. */
  public List<ClipPicture> random() {
    return shown(selection.random());
  }

  /** Pictures of these clips, in order, as far as they could be read. */
  public List<ClipPicture> shown(List<ClipPlace> places) {
    return places.stream()
        .map(pictures::get)
        .filter(Predicate.not(java.util.Objects::isNull))
        .toList();
  }

  /** Values of the pixels of the random clips. */
  public PixelStatistics pixels() {
    return random().stream()
        .map(ClipPicture::pixels)
        .reduce(PixelStatistics.none(), PixelStatistics::plus);
  }

  /** The random clip in which there is most to see. */
  public Optional<ClipPlace> liveliest() {
    return random().stream()
        .max(Comparator.comparingDouble(ClipPicture::interest))
        .map(ClipPicture::place);
  }
}
