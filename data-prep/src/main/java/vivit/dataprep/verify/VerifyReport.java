package vivit.dataprep.verify;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/**
 * The result of verifying a shard set.
 *
 * @param clipsPerLabel by label id, one head after the other, over the good shards
 * @param problems one sentence each; none for a good set
 */
public record VerifyReport(
    Path folder, Manifest manifest, List<Long> clipsPerLabel, List<String> problems) {
  private static final int SHOWN = 5;
  private static final String ROW = "  %-20s %9s %9s %9s %9s %9s%n";

  public boolean isGood() {
    return problems.isEmpty();
  }

  /** Formats clips per class of every head, videos left out, and problems, for the console. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %s of %s in %s, format version %d, written by %s%n"
            .formatted(
                Visible.text(folder.toString()),
                Figures.of(manifest.clips(), manifest.purpose().word() + " clip"),
                Figures.of(manifest.videos(), "video"),
                Figures.of(manifest.shards().size(), "shard"),
                manifest.formatVersion(),
                Visible.text(manifest.producer())));
    text.append(ROW.formatted("clips per class", "classes", "without", "fewest", "median", "most"));
    for (int i = 0; i < manifest.heads().count(); i++) {
      head(text, manifest.heads().get(i), manifest.heads().offset(i));
    }
    text.append("  ").append(leftOut()).append(System.lineSeparator());
    problems.forEach(problem -> text.append(Visible.text(problem)).append(System.lineSeparator()));
    text.append(isGood() ? "All checksums, counts and sizes are right." : "NOT GOOD.");
    return text.toString();
  }

  private void head(StringBuilder text, LabelHead head, int first) {
    List<Long> clips = clipsPerLabel.subList(first, first + head.classes());
    List<Long> sorted = clips.stream().sorted().toList();
    List<String> empty =
        IntStream.range(0, head.classes())
            .filter(id -> clips.get(id) == 0)
            .mapToObj(id -> '"' + Visible.text(head.map().name(id)) + '"')
            .toList();
    text.append(
        ROW.formatted(
            head.name(),
            Figures.count(head.classes()),
            Figures.count(empty.size()),
            Figures.count(sorted.get(0)),
            Figures.count(sorted.get((sorted.size() - 1) / 2)),
            Figures.count(sorted.get(sorted.size() - 1))));
    if (!empty.isEmpty()) {
      text.append(
          "    without clips: %s%s%n"
              .formatted(
                  String.join(", ", empty.subList(0, Math.min(SHOWN, empty.size()))),
                  empty.size() > SHOWN ? ", ..." : ""));
    }
  }

  /** The number of videos left out, in total and per kind, the most frequent first. */
  private String leftOut() {
    Map<String, Long> kinds =
        manifest.quarantined().stream()
            .map(Quarantined::kind)
            .collect(
                Collectors.groupingBy(kind -> kind.word(), TreeMap::new, Collectors.counting()));
    String each =
        kinds.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .map(kind -> kind.getKey() + " " + Figures.count(kind.getValue()))
            .collect(Collectors.joining(", "));
    return manifest.quarantine().summary() + (each.isEmpty() ? "" : ": " + each);
  }
}
