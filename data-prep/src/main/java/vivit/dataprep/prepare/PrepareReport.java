package vivit.dataprep.prepare;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.Directions;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.text.Figures;

/**
 * A finished preparation.
 *
 * @param folder of the set
 * @param manifest of the whole set
 * @param prepared videos of this run and of the runs that it resumed; 0 if there was nothing to do
 * @param kept shards that an interrupted run had finished
 * @param added whether the set was finished before
 * @param speed work of this run per second and the decoder's sandbox; empty if it made no shard
 */
public record PrepareReport(
    Path folder, Manifest manifest, long prepared, int kept, boolean added, String speed) {

  private static final int MOST_NAMED = 5;

  /**
   * A summary in one sentence, followed by a line for each of the first videos that were left out,
   * and by one on classes that say left or right.
   */
  public String summary() {
    return sentence() + leftOut() + directions();
  }

  private String leftOut() {
    List<Quarantined> videos = manifest.quarantine().videos();
    String named =
        videos.stream()
            .limit(MOST_NAMED)
            .map(video -> "\n  left out: %s: %s".formatted(video.video(), video.cause()))
            .collect(Collectors.joining());
    return videos.isEmpty()
        ? ""
        : named
            + (videos.size() > MOST_NAMED
                ? "\n  and %d more, all listed in ".formatted(videos.size() - MOST_NAMED)
                : "\n  listed in ")
            + new Path(folder, ManifestFile.QUARANTINE_FILE_NAME);
  }

  private String directions() {
    String found = Directions.summary(manifest.heads());
    return found.isEmpty() || manifest.purpose() != Purpose.TRAINING
        ? ""
        : "\n  %s: training does not mirror their clips, unless train.flip-direction is swap or mirror"
            .formatted(found);
  }

  private String sentence() {
    if (prepared == 0) {
      return "Nothing to do: %s holds the videos of the list, %s of %s in %s; %s"
          .formatted(
              folder,
              Figures.of(manifest.clips(), "clip"),
              Figures.of(manifest.videos(), "video"),
              classes(),
              manifest.quarantine().summary());
    }
    return "%s %s of %s in %s, %s, in %s; %s%s%s"
        .formatted(
            added ? "Added %s:".formatted(Figures.of(prepared, "video")) : "Prepared",
            Figures.of(manifest.clips(), manifest.purpose().word() + " clip"),
            Figures.of(manifest.videos(), "video"),
            classes(),
            Figures.of(manifest.shards().size(), "shard"),
            folder,
            manifest.quarantine().summary(),
            kept > 0 ? "; %s finished before".formatted(Figures.of(kept, "shard")) : "",
            speed.isEmpty() ? "" : "; " + speed);
  }

  private String classes() {
    LabelHeads heads = manifest.heads();
    if (heads.count() == 1) {
      return Figures.of(heads.classes(), "class");
    }
    return heads.list().stream()
        .map(head -> head.classes() + " of " + head.name())
        .collect(Collectors.joining(", ", Figures.of(heads.classes(), "class") + " (", ")"));
  }
}
