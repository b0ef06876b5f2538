package vivit.dataprep;

import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Manifest;

/** A finished preparation. */
public record PrepareReport(Path folder, Manifest manifest) {
  /** One sentence for people. */
  public String summary() {
    return "Prepared %d %s clips of %d videos in %d classes, %d shards, in %s; %d videos left out"
        .formatted(
            manifest.clips(),
            manifest.purpose().word(),
            manifest.videos(),
            manifest.labels().size(),
            manifest.shards().size(),
            folder,
            manifest.quarantined().size());
  }
}
