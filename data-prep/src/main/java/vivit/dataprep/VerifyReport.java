package vivit.dataprep;

import java.util.List;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.source.LabelHead;

/**
 * What verifying a shard set found.
 *
 * @param clipsPerLabel by label id, one head after the other, over the good shards
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
    int number = 0;
    for (LabelHead head : manifest.heads().heads()) {
      text.append("clips  %s%n".formatted(head.name()));
      for (int id = 0; id < head.classes(); id++) {
        text.append("%5d  %d %s%n".formatted(clipsPerLabel.get(number), id, head.map().name(id)));
        number++;
      }
    }
    problems.forEach(problem -> text.append(problem).append(System.lineSeparator()));
    text.append(isGood() ? "All checksums, counts and sizes are right." : "NOT GOOD.");
    return text.toString();
  }
}
