package vivit.dataprep.shard;

import java.util.Comparator;
import java.util.List;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.text.Figures;

/**
 * The videos that yielded no clips or fewer than they should have, and their distribution over the
 * classes.
 *
 * @param videos those left out, by id
 * @param salvaged videos of which only a part is in the set, by id
 * @param remarked what else is to be said about videos, such as corrected time stamps, by id
 * @param videosPerLabel number of videos of each class, good and bad, by label id, one head after
 *     the other; empty in sets of older releases
 * @param badPerLabel number of videos of each class that were left out
 */
public record Quarantine(
    List<Quarantined> videos,
    List<Remark> salvaged,
    List<Remark> remarked,
    List<Long> videosPerLabel,
    List<Long> badPerLabel) {
  /** No videos left out, and none counted by class. */
  public static final Quarantine NONE =
      new Quarantine(List.of(), List.of(), List.of(), List.of(), List.of());

  /**
   * A video that was left out.
   *
   * @param video its id
   * @param label its class name
   * @param kind of defect
   * @param cause in one sentence
   * @param file its path, relative to the input folder if it is inside
   * @param position of the defect, in the file or in time; empty if unknown
   * @param bytes length of the file; -1 if there is no file or its length is unknown
   */
  public record Quarantined(
      String video,
      String label,
      BadKind kind,
      String cause,
      String file,
      String position,
      long bytes) {}

  /**
   * A sentence about a video that has clips.
   *
   * @param video its id
   * @param label its class name
   * @param what describes the missing part, or what is odd
   */
  public record Remark(String video, String label, String what) {}

  public Quarantine {
    videos = videos.stream().sorted(Comparator.comparing(Quarantined::video)).toList();
    salvaged = salvaged.stream().sorted(Comparator.comparing(Remark::video)).toList();
    remarked = remarked.stream().sorted(Comparator.comparing(Remark::video)).toList();
    videosPerLabel = List.copyOf(videosPerLabel);
    badPerLabel = List.copyOf(badPerLabel);
    requireCounts("videos", videosPerLabel);
    requireCounts("bad videos", badPerLabel);
    if (videosPerLabel.size() != badPerLabel.size()) {
      throw new IllegalArgumentException(
          "Found videos of %d labels and bad videos of %d"
              .formatted(videosPerLabel.size(), badPerLabel.size()));
    }
  }

  /** Refuses negative counts per class, and those with a sum beyond a {@code long}. */
  static void requireCounts(String what, List<Long> perLabel) {
    long sum = 0;
    for (int label = 0; label < perLabel.size(); label++) {
      long count = perLabel.get(label);
      sum += count;
      if (count < 0 || sum < 0) {
        throw new IllegalArgumentException(
            "found %d %s of label %d, expected 0 or more, and a sum below 2^63"
                .formatted(count, what, label));
      }
    }
  }

  /** A list of videos left out, without counts by class. */
  public static Quarantine of(List<Quarantined> videos) {
    return new Quarantine(videos, List.of(), List.of(), List.of(), List.of());
  }

  /** {@code 3 videos left out, 1 in part, 2 with remarks}. */
  public String summary() {
    return Figures.of(videos.size(), "video")
        + " left out"
        + (salvaged.isEmpty() ? "" : ", %d in part".formatted(salvaged.size()))
        + (remarked.isEmpty()
            ? ""
            : ", %d with remarks"
                .formatted(remarked.stream().map(Remark::video).distinct().count()));
  }

  /** Whether videos were counted by class. */
  public boolean countsClasses() {
    return !videosPerLabel.isEmpty();
  }
}
