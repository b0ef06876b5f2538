package vivit.dataprep;

import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.source.LabelHeads;

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
      return "Nothing to do: %s holds the videos of the list, %d clips of %d in %s; %s"
          .formatted(folder, manifest.clips(), manifest.videos(), classes(), leftOut());
    }
    return "%s %d %s clips of %d videos in %s, %d shards, in %s; %s%s%s"
        .formatted(
            added ? "Added %d videos:".formatted(prepared) : "Prepared",
            manifest.clips(),
            manifest.purpose().word(),
            manifest.videos(),
            classes(),
            manifest.shards().size(),
            folder,
            leftOut(),
            kept > 0 ? "; %d shards were finished before".formatted(kept) : "",
            speed.isEmpty() ? "" : "; " + speed);
  }

  private String leftOut() {
    int salvaged = manifest.quarantine().salvaged().size();
    return "%d videos left out".formatted(manifest.quarantined().size())
        + (salvaged > 0 ? ", %d in part".formatted(salvaged) : "");
  }

  private String classes() {
    LabelHeads heads = manifest.heads();
    if (heads.heads().size() == 1) {
      return heads.classes() + " classes";
    }
    return heads.heads().stream()
        .map(head -> head.classes() + " of " + head.name())
        .collect(Collectors.joining(", ", heads.classes() + " classes (", ")"));
  }
}
