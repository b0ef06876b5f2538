package vivit.dataprep;

import java.util.List;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Manifest;

/**
 * What verifying a shard set found.
 *
 * @param clipsPerLabel by label id, over the good shards
 * @param problems one sentence each; none for a good set
 */
public record VerifyReport(
    Path folder, Manifest manifest, List<Long> clipsPerLabel, List<String> problems) {
  public boolean isGood() {
    return problems.isEmpty();
  }

  /** Label counts and problems, for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d %s clips of %d videos in %d shards, format version %d, written by %s%n"
            .formatted(
                folder,
                manifest.clips(),
                manifest.purpose().word(),
                manifest.videos(),
                manifest.shards().size(),
                manifest.formatVersion(),
                manifest.producer()));
    text.append("clips  label%n".formatted());
    for (int id = 0; id < clipsPerLabel.size(); id++) {
      text.append("%5d  %d %s%n".formatted(clipsPerLabel.get(id), id, manifest.labels().get(id)));
    }
    problems.forEach(problem -> text.append(problem).append(System.lineSeparator()));
    text.append(isGood() ? "All checksums, counts and sizes are right." : "NOT GOOD.");
    return text.toString();
  }
}
