package vivit.dataprep.inspect.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantined;

/**
 * Videos that were left out.
 *
 * @param quarantine all of them
 * @param kinds causes that differ in nothing but figures and names, the most frequent first
 * @param perClass per head, videos by class name, as the list itself tells
 */
public record QuarantineStatistics(
    Quarantine quarantine, List<Kind> kinds, List<Map<String, Long>> perClass) {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final Pattern FIGURE = Pattern.compile("\\d+(\\.\\d+)?");
  private static final int KIND_LENGTH = 120;

  /** A kind of cause, the cause in words, and how often it is. */
  public record Kind(String kind, String cause, long videos) {}

  /** Of a set's list. */
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
    return new QuarantineStatistics(quarantine, kinds(quarantine), perClass);
  }

  /** Of a list without a set: a preparation that failed. */
  static QuarantineStatistics of(Quarantine quarantine) {
    return new QuarantineStatistics(quarantine, kinds(quarantine), List.of());
  }

  private static List<Kind> kinds(Quarantine quarantine) {
    record Key(String kind, String cause) {}
    Map<Key, Long> counts = new HashMap<>();
    for (Quarantined one : quarantine.videos()) {
      counts.merge(new Key(one.kind().word(), kind(one.cause())), 1L, Long::sum);
    }
    return counts.entrySet().stream()
        .map(e -> new Kind(e.getKey().kind(), e.getKey().cause(), e.getValue()))
        .sorted(
            Comparator.comparingLong(Kind::videos)
                .reversed()
                .thenComparing(Kind::kind)
                .thenComparing(Kind::cause))
        .toList();
  }

  /** All of them. */
  public List<Quarantined> videos() {
    return quarantine.videos();
  }

  /** Videos of a class. */
  long of(int head, String name) {
    return perClass.get(head).getOrDefault(name, 0L);
  }

  /** A cause without what is particular to one video. */
  static String kind(String cause) {
    String line = cause.lines().findFirst().orElse("").strip();
    String general = FIGURE.matcher(QUOTED.matcher(line).replaceAll("\"…\"")).replaceAll("#");
    return general.length() <= KIND_LENGTH ? general : general.substring(0, KIND_LENGTH) + "…";
  }

  /** Class names per head of what {@code LabelledVideo.label()} wrote; none where it is unclear. */
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
