package vivit.dataprep.inspect.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantine.Quarantined;

/**
 * Statistics of the videos that were left out.
 *
 * @param quarantine the videos themselves
 * @param causes their causes, the most frequent first; causes that differ only in figures and names
 *     count as one
 * @param perClass per head, number of videos by class name, according to the list itself
 */
public record QuarantineStatistics(
    Quarantine quarantine, List<Cause> causes, List<Map<String, Long>> perClass) {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final Pattern FIGURE = Pattern.compile("\\d+(\\.\\d+)?");
  private static final int MOST_CHARACTERS = 120;

  /**
   * A cause without the details of a single video.
   *
   * @param kind of defect, in one word
   * @param cause in words
   * @param videos number of videos with this cause
   */
  public record Cause(String kind, String cause, long videos) {}

  /** Statistics of a set's list. */
  static QuarantineStatistics of(LabelHeads heads, Quarantine quarantine) {
    List<Map<String, Long>> perClass = new ArrayList<>();
    heads.forEach(head -> perClass.add(new HashMap<>()));
    for (Quarantined one : quarantine.videos()) {
      List<List<String>> names = names(heads, one.label());
      for (int head = 0; head < names.size(); head++) {
        for (String name : names.get(head)) {
          perClass.get(head).merge(name, 1L, Long::sum);
        }
      }
    }
    return new QuarantineStatistics(quarantine, causes(quarantine), perClass);
  }

  /** Statistics of a list without a set, as a failed preparation leaves it. */
  static QuarantineStatistics of(Quarantine quarantine) {
    return new QuarantineStatistics(quarantine, causes(quarantine), List.of());
  }

  private static List<Cause> causes(Quarantine quarantine) {
    return quarantine.videos().stream()
        .collect(
            Collectors.groupingBy(
                one -> new Cause(one.kind().word(), general(one.cause()), 0),
                Collectors.counting()))
        .entrySet()
        .stream()
        .map(e -> new Cause(e.getKey().kind(), e.getKey().cause(), e.getValue()))
        .sorted(
            Comparator.comparingLong(Cause::videos)
                .reversed()
                .thenComparing(Cause::kind)
                .thenComparing(Cause::cause))
        .toList();
  }

  /** The videos that were left out. */
  public List<Quarantined> videos() {
    return quarantine.videos();
  }

  /** Number of videos of a class. */
  long of(int head, String name) {
    return perClass.get(head).getOrDefault(name, 0L);
  }

  /** Replaces quoted names and figures in a cause. */
  private static String general(String cause) {
    String line = cause.lines().findFirst().orElse("").strip();
    String general = FIGURE.matcher(QUOTED.matcher(line).replaceAll("\"…\"")).replaceAll("#");
    return general.length() <= MOST_CHARACTERS
        ? general
        : general.substring(0, MOST_CHARACTERS) + "…";
  }

  /**
   * Parses the text of {@code LabelledVideo.label()} to class names per head; empty if ambiguous.
   */
  static List<List<String>> names(LabelHeads heads, String text) {
    int count = heads.count();
    String[] cells = count == 1 ? new String[] {text} : text.split(",", -1);
    List<List<String>> names = new ArrayList<>();
    for (int i = 0; i < count && cells.length == count; i++) {
      boolean several = heads.get(i).labelling() == Labelling.MULTI_LABEL;
      List<String> cell = several ? List.of(cells[i].split("\\|")) : List.of(cells[i]);
      names.add(cell.stream().filter(name -> !name.isEmpty()).toList());
    }
    return names;
  }
}
