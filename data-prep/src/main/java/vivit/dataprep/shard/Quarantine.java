package vivit.dataprep.shard;

import java.util.Comparator;
import java.util.List;
import vivit.dataprep.text.Figures;

/**
 * The videos of a set that gave no clips, or fewer than they should have, and how they are spread
 * over the classes.
 *
 * @param videos those left out, by id
 * @param salvaged those of which a part is in the set, by id
 * @param videosPerLabel how many videos of each class there were, good and bad, by label id, one
 *     head after the other; empty in sets of older releases
 * @param badPerLabel how many of them were left out
 */
public record Quarantine(
    List<Quarantined> videos,
    List<Salvaged> salvaged,
    List<Long> videosPerLabel,
    List<Long> badPerLabel) {
  /** Of a set whose videos nobody counted. */
  public static final Quarantine NONE = new Quarantine(List.of(), List.of(), List.of(), List.of());

  public Quarantine {
    videos = videos.stream().sorted(Comparator.comparing(Quarantined::video)).toList();
    salvaged = salvaged.stream().sorted(Comparator.comparing(Salvaged::video)).toList();
    videosPerLabel = List.copyOf(videosPerLabel);
    badPerLabel = List.copyOf(badPerLabel);
    if (videosPerLabel.size() != badPerLabel.size()) {
      throw new IllegalArgumentException(
          "Found videos of %d labels and bad videos of %d"
              .formatted(videosPerLabel.size(), badPerLabel.size()));
    }
  }

  /** Only a list of videos left out. */
  public static Quarantine of(List<Quarantined> videos) {
    return new Quarantine(videos, List.of(), List.of(), List.of());
  }

  /** {@code 3 videos left out, 1 in part}. */
  public String summary() {
    return Figures.of(videos.size(), "video")
        + " left out"
        + (salvaged.isEmpty() ? "" : ", %d in part".formatted(salvaged.size()));
  }

  /** Whether videos were counted by class. */
  public boolean countsClasses() {
    return !videosPerLabel.isEmpty();
  }
}
