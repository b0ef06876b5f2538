package vivit.dataprep.inspect.page;

import java.util.List;
import java.util.stream.Collectors;
import vivit.dataprep.inspect.statistics.Distribution;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.inspect.statistics.Inspection.Described;
import vivit.dataprep.inspect.statistics.LabelStatistics;
import vivit.dataprep.inspect.statistics.LabelStatistics.ClassCount;
import vivit.dataprep.inspect.statistics.PixelStatistics;
import vivit.dataprep.inspect.statistics.QuarantineStatistics;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.inspect.statistics.SetStatistics.DecodeStatistics;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/** Formats an inspection for the console. */
public final class StatisticsText {
  private static final int ENDS = 5;
  private static final int ROWS = 10;

  private StatisticsText() {}

  /** The text, without a line break at its end. */
  public static String of(Inspection inspection) {
    StringBuilder text = new StringBuilder();
    inspection.set().ifPresent(set -> set(text, inspection, set));
    quarantine(text, inspection);
    if (!inspection.isGood()) {
      text.append("\nDamage\n");
      inspection.problems().forEach(problem -> line(text, Visible.text(problem)));
    }
    return text.toString().stripTrailing();
  }

  private static void set(StringBuilder text, Inspection inspection, Described set) {
    Manifest manifest = set.manifest();
    SetStatistics statistics = set.statistics();
    long bytes = manifest.shards().stream().mapToLong(shard -> shard.bytes()).sum();
    text.append(
        "%s: %s of %s in %s, %s, format version %d, written by %s%n"
            .formatted(
                Visible.text(inspection.folder()),
                Figures.of(manifest.clips(), manifest.purpose().word() + " clip"),
                Figures.of(manifest.videos(), "video"),
                Figures.of(manifest.shards().size(), "shard"),
                Figures.bytes(bytes),
                manifest.formatVersion(),
                Visible.text(manifest.producer())));
    line(
        text,
        RecordSection.geometry(manifest).stream()
            .skip(1)
            .map(pair -> pair.get(0) + " " + pair.get(1))
            .collect(Collectors.joining(", ")));
    statistics.labels().forEach(head -> head(text, head));
    if (statistics.readable() > 0) {
      line(text, LabelSection.sentence(statistics.mix()));
    }
    text.append("\nDurations and sizes\n");
    for (Distribution one : statistics.distributions()) {
      line(text, "%-20s %s".formatted(one.name(), SpreadSection.sentence(one)));
    }
    line(text, "%-20s %s".formatted("Source size", amounts(statistics.sourceSizes())));
    line(text, "%-20s %s".formatted("Stored size", amounts(statistics.storedSizes())));
    if (statistics.readable() > 0) {
      line(text, SpreadSection.compression(statistics));
    }
    if (statistics.looping() > 0) {
      line(text, SpreadSection.looping(statistics));
    }
    pixels(text, inspection.pixels());
    statistics.decoding().ifPresent(one -> decoding(text, one));
  }

  private static void head(StringBuilder text, LabelStatistics head) {
    text.append("%nClasses of %s, %s%n".formatted(head.head(), head.labelling()));
    line(text, LabelSection.sentence(head));
    List<ClassCount> filled = head.ranked().stream().filter(c -> c.clips() > 0).toList();
    int last = Math.max(Math.min(ENDS, filled.size()), filled.size() - ENDS);
    filled.stream().limit(ENDS).forEach(c -> line(text, row(c.clips(), c.name())));
    if (last > ENDS) {
      line(text, row("...", ""));
    }
    filled.subList(last, filled.size()).forEach(c -> line(text, row(c.clips(), c.name())));
    if (!head.empty().isEmpty()) {
      line(
          text,
          "without clips: "
              + head.empty().stream()
                  .limit(ROWS)
                  .map(c -> Visible.text(c.name()))
                  .collect(Collectors.joining("; "))
              + (head.empty().size() > ROWS ? "; ..." : ""));
    }
  }

  private static void pixels(StringBuilder text, PixelStatistics pixels) {
    if (pixels.clips() == 0) {
      return;
    }
    text.append("%nPixels of %s%n".formatted(Figures.of(pixels.clips(), "random clip")));
    String[] names = {"red", "green", "blue"};
    for (int c = 0; c < names.length; c++) {
      line(
          text,
          "%-6s mean %s, deviation %s (of 255: %s, %s)"
              .formatted(
                  names[c],
                  Figures.decimals(pixels.mean(c) / 255, 4),
                  Figures.decimals(pixels.deviation(c) / 255, 4),
                  Figures.decimals(pixels.mean(c), 2),
                  Figures.decimals(pixels.deviation(c), 2)));
    }
  }

  private static void decoding(StringBuilder text, DecodeStatistics decoding) {
    text.append("\nDecode times\n");
    line(text, SpreadSection.sentence(decoding.seconds()));
    line(text, SpreadSection.sentence(decoding));
    decoding.slowest().stream()
        .limit(ENDS)
        .forEach(one -> line(text, row(Figures.decimals(one.seconds(), 2) + " s", one.video())));
  }

  private static void quarantine(StringBuilder text, Inspection inspection) {
    QuarantineStatistics quarantine = inspection.quarantine();
    text.append("%n%s left out%n".formatted(Figures.of(quarantine.videos().size(), "video")));
    quarantine.causes().stream()
        .limit(ROWS)
        .forEach(cause -> line(text, row(cause.videos(), cause.kind() + ": " + cause.cause())));
    int salvaged = quarantine.quarantine().salvaged().size();
    if (salvaged > 0) {
      line(text, "%s used in part".formatted(Figures.of(salvaged, "video")));
    }
    int remarked = quarantine.quarantine().remarked().size();
    if (remarked > 0) {
      line(text, "%s about videos".formatted(Figures.of(remarked, "remark")));
    }
    inspection.set().stream()
        .flatMap(set -> set.statistics().labels().stream())
        .forEach(
            head ->
                QuarantineSection.affected(head).stream()
                    .limit(ENDS)
                    .forEach(
                        c ->
                            line(
                                text,
                                "%s of %s %s: %s"
                                    .formatted(
                                        Figures.share(c.quarantinedShare()),
                                        head.head(),
                                        Visible.text(c.name()),
                                        Figures.of(c.quarantined(), "video")))));
  }

  private static String amounts(List<SetStatistics.Amount> amounts) {
    return amounts.stream()
            .limit(ENDS)
            .map(amount -> amount.value() + " (" + Figures.count(amount.clips()) + ")")
            .collect(Collectors.joining(", "))
        + (amounts.size() > ENDS ? ", ..." : "");
  }

  private static String row(long count, String name) {
    return row(Figures.count(count), name);
  }

  private static String row(String figure, String name) {
    return "%9s  %s".formatted(figure, Visible.text(name));
  }

  private static void line(StringBuilder text, String content) {
    text.append("  ").append(content).append(System.lineSeparator());
  }
}
