package vivit.dataprep.inspect.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;

/**
 * The findings of an inspection.
 *
 * @param folder of the set
 * @param set its manifest and figures; empty if it has no valid manifest
 * @param quarantine videos that were left out
 * @param selection the clips to show
 * @param pictures of the selected clips that could be read
 * @param problems one sentence for each damage found
 */
public record Inspection(
    String folder,
    Optional<Described> set,
    QuarantineStatistics quarantine,
    ClipSelection selection,
    Map<ClipPlace, ClipPicture> pictures,
    List<String> problems) {

  /** A manifest and the statistics of its shards. */
  public record Described(Manifest manifest, SetStatistics statistics) {}

  public Inspection {
    pictures = Map.copyOf(pictures);
    problems = List.copyOf(problems);
  }

  /** The inspection of a folder without a valid manifest, as a failed preparation leaves it. */
  public static Inspection withoutSet(String folder, Quarantine quarantine, String problem) {
    return new Inspection(
        folder,
        Optional.empty(),
        QuarantineStatistics.of(quarantine),
        new ClipSelection(List.of(), Map.of()),
        Map.of(),
        List.of(problem));
  }

  /** Whether no damage was found. */
  public boolean isGood() {
    return problems.isEmpty();
  }

  /** Pictures of the random clips. */
  public List<ClipPicture> random() {
    return shown(selection.random());
  }

  /** Pictures of the readable clips among these, in order. */
  public List<ClipPicture> shown(List<ClipPlace> places) {
    return places.stream().map(pictures::get).filter(Objects::nonNull).toList();
  }

  /** Pixel statistics of the random clips. */
  public PixelStatistics pixels() {
    return random().stream()
        .map(ClipPicture::pixels)
        .reduce(PixelStatistics.none(), PixelStatistics::plus);
  }

  /** The random clip with the most contrast in its middle frame. */
  public Optional<ClipPlace> mostContrast() {
    return random().stream()
        .max(Comparator.comparingDouble(ClipPicture::contrast))
        .map(ClipPicture::place);
  }
}
