package vivit.dataprep.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/**
 * Reads lists of class names in the formats that data sets use.
 *
 * <ul>
 *   <li>JSON: an object from name to id or from id to name, ids as numbers or texts
 *       (Something-Something's {@code labels.json}), or an array of names
 *   <li>CSV with the columns {@code id} and {@code key}, {@code name} or {@code label}
 *       (EPIC-Kitchens' {@code EPIC_100_noun_classes.csv})
 *   <li>text, {@code name,id} in every line (Moments in Time's {@code moments_categories.txt})
 *   <li>text, one name per line; the id is the index of the line, from 0
 * </ul>
 *
 * <p>Ids count from 0 without gaps; anything else is refused.
 */
public final class ClassList {
  private static final Pattern INDEXED = Pattern.compile("(.*\\S)\\s*,\\s*(\\d{1,9})");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final Problems problems = new Problems();
  private final TreeMap<Integer, String> names = new TreeMap<>();

  private ClassList(Path file) {
    this.file = file;
  }

  /**
   * Reads a list.
   *
   * @throws SourceException with all problems of the list
   */
  public static LabelMap read(FileSystem fs, Path file) throws IOException {
    ClassList list = new ClassList(file);
    String text = AnnotationText.read(fs, file);
    if (file.getName().endsWith(".json")) {
      list.json(text);
    } else if (!list.csv(text)) {
      list.lines(text.stripTrailing().lines().map(String::strip).toList());
    }
    list.refuseGaps();
    list.problems.check();
    try {
      return LabelMap.of(List.copyOf(list.names.values()));
    } catch (IllegalArgumentException e) {
      throw new SourceException(List.of(file + ": " + e.getMessage()));
    }
  }

  /** Possible file names of a head's list, in a folder with one list per head. */
  public static List<String> fileNames(String head) {
    return List.of(
        head + ".txt", "EPIC_100_" + head + "_classes.csv", "EPIC_100_" + head + "_classes_v2.csv");
  }

  private void json(String text) throws IOException {
    JsonNode root;
    try {
      root = WholeFile.json(text, JSON);
    } catch (OversizedFileException e) {
      throw new SourceException(List.of(file + ": " + e.getMessage()));
    } catch (JsonProcessingException e) {
      throw new SourceException(
          List.of(
              "%s: %d: not JSON: %s"
                  .formatted(
                      file,
                      e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                      e.getOriginalMessage())));
    }
    if (root.isArray()) {
      root.forEach(name -> put(1, names.size(), name.asText()));
    } else {
      root.fields()
          .forEachRemaining(
              field -> {
                Optional<Integer> id = id(field.getValue().asText());
                if (id.isPresent()) {
                  put(1, id.get(), field.getKey());
                } else {
                  id(field.getKey())
                      .ifPresentOrElse(
                          key -> put(1, key, field.getValue().asText()),
                          () ->
                              problems.add(
                                  Problems.ProblemKind.NUMBER,
                                  file,
                                  1,
                                  field.getKey(),
                                  field.getValue().asText(),
                                  "the id of this class"));
                }
              });
    }
  }

  private boolean csv(String text) {
    CsvRows.CsvRow first = CsvRows.first(file, text, ',');
    List<String> columns = List.of("key", "name", "label");
    for (String column : columns) {
      CsvTable table =
          new CsvTable(List.of("id", column), columns, 0, CsvTable.Others.IGNORED, ',');
      if (table.isHeader(first.cells())
          && first.cells().stream().anyMatch(cell -> cell.strip().equalsIgnoreCase(column))) {
        table.read(
            file,
            text,
            problems,
            line ->
                line.whole("id")
                    .ifPresent(
                        id -> line.needed(column).ifPresent(name -> put(line.line(), id, name))));
        return true;
      }
    }
    return false;
  }

  private void lines(List<String> lines) {
    boolean indexed = lines.stream().allMatch(line -> INDEXED.matcher(line).matches());
    for (int i = 0; i < lines.size(); i++) {
      Matcher parts = INDEXED.matcher(lines.get(i));
      if (indexed && parts.matches()) {
        put(i + 1, Integer.parseInt(parts.group(2)), parts.group(1));
      } else {
        put(i + 1, i, lines.get(i));
      }
    }
  }

  private void put(int line, int id, String name) {
    String earlier = names.putIfAbsent(id, AnnotationText.composed(name));
    if (earlier != null) {
      problems.add(
          Problems.ProblemKind.DUPLICATE,
          file,
          line,
          "the classes \"%s\" and \"%s\" have the same id, %d".formatted(earlier, name, id));
    }
  }

  private void refuseGaps() {
    List<Integer> gaps = new ArrayList<>();
    int last = names.isEmpty() ? -1 : names.lastKey();
    for (int id = 0; id < last && gaps.size() < 10; id++) {
      if (!names.containsKey(id)) {
        gaps.add(id);
      }
    }
    if (!gaps.isEmpty()) {
      problems.add(
          Problems.ProblemKind.NUMBER,
          file,
          "found %d classes with ids up to %d, expected ids from 0 without gaps; there is no %s"
              .formatted(names.size(), last, gaps));
    }
    if (names.isEmpty() && problems.isEmpty()) {
      problems.add(Problems.ProblemKind.FILE, file, "it lists no classes");
    }
  }

  private static Optional<Integer> id(String text) {
    return text.matches("\\d{1,9}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }
}
