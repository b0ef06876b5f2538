package vivit.dataprep.prepare;

import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.text.Figures;

/**
 * A finished preparation.
 *
 * @param folder of the set
 * @param manifest of the whole set
 * @param prepared videos that this run, and those that it went on with, worked on; 0 if there was
 *     nothing to do
 * @param kept shards that an interrupted run had finished
 * @param added whether the set was finished before
 * @param speed what this run did per second; empty if nothing
 */
public record PrepareReport(
    Path folder, Manifest manifest, long prepared, int kept, boolean added, String speed) {

  /** Some sentences for people. */
  public String summary() {
    if (prepared == 0) {
      return "Nothing to do: %s holds the videos of the list, %s of %s in %s; %s"
          .formatted(
              folder,
              Figures.of(manifest.clips(), "clip"),
              Figures.of(manifest.videos(), "video"),
              classes(),
              leftOut(manifest));
    }
    return "%s %s of %s in %s, %s, in %s; %s%s%s"
        .formatted(
            added ? "Added %s:".formatted(Figures.of(prepared, "video")) : "Prepared",
            Figures.of(manifest.clips(), manifest.purpose().word() + " clip"),
            Figures.of(manifest.videos(), "video"),
            classes(),
            Figures.of(manifest.shards().size(), "shard"),
            folder,
            leftOut(manifest),
            kept > 0 ? "; %s finished before".formatted(Figures.of(kept, "shard")) : "",
            speed.isEmpty() ? "" : "; " + speed);
  }

  /** {@code 3 videos left out, 1 in part}. */
  public static String leftOut(Manifest manifest) {
    int salvaged = manifest.quarantine().salvaged().size();
    return Figures.of(manifest.quarantined().size(), "video")
        + " left out"
        + (salvaged > 0 ? ", %d in part".formatted(salvaged) : "");
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
