package vivit.dataprep;

import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.source.LabelHeads;

/** A finished preparation. */
public record PrepareReport(Path folder, Manifest manifest) {
  /** One sentence for people. */
  public String summary() {
    return "Prepared %d %s clips of %d videos in %s, %d shards, in %s; %d videos left out"
        .formatted(
            manifest.clips(),
            manifest.purpose().word(),
            manifest.videos(),
            classes(),
            manifest.shards().size(),
            folder,
            manifest.quarantined().size());
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
