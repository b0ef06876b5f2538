package vivit.dataprep.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A CSV file with a video per row: {@code path,label[,start,end]}, in UTF-8. In place of {@code
 * label} stands a column per head.
 *
 * <p>A first row that holds these column names may put them in another order; without it the order
 * is as above. Paths are relative to the file's folder, or absolute, or full with a scheme. Start
 * and end are seconds or {@code hh:mm:ss.s}. Where videos are multi-label a cell holds class names
 * separated by {@code |}; an empty one says that the video has none of the classes.
 */
final class AnnotationCsv {
  private final Path file;
  private final LabelColumns labels;
  private final List<String> allColumns = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<LabelledVideo> videos = new ArrayList<>();
  private List<String> columns;
  private boolean hasHeader;

  private AnnotationCsv(Path file, LabelColumns labels) {
    this.file = file;
    this.labels = labels;
    allColumns.add("path");
    allColumns.addAll(labels.heads());
    allColumns.addAll(List.of("start", "end"));
    columns = allColumns;
  }

  static List<LabelledVideo> read(FileSystem fs, Path file, LabelColumns labels)
      throws IOException {
    AnnotationCsv csv = new AnnotationCsv(file, labels);
    List<CsvRows.Row> rows = CsvRows.split(file.toString(), csv.text(fs), csv.problems);
    int first = csv.readHeader(rows) ? 1 : 0;
    if (csv.columns.containsAll(labels.heads())) {
      rows.subList(first, rows.size()).forEach(csv::add);
    }
    if (csv.videos.isEmpty() && csv.problems.isEmpty()) {
      csv.problems.add(
          file + ": no rows; expected path," + String.join(",", labels.heads()) + "[,start,end]");
    }
    if (!csv.problems.isEmpty()) {
      throw new SourceException(csv.problems);
    }
    return csv.videos;
  }

  private String text(FileSystem fs) throws IOException {
    try (FSDataInputStream in = fs.open(file)) {
      byte[] bytes = in.readAllBytes();
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text; // a byte order mark
    } catch (CharacterCodingException e) {
      throw new SourceException(List.of(file + ": not UTF-8 text; convert it"));
    }
  }

  private boolean readHeader(List<CsvRows.Row> rows) {
    if (rows.isEmpty()) {
      return false;
    }
    List<String> names =
        rows.get(0).cells().stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    if (!names.contains("path")) {
      return false;
    }
    int line = rows.get(0).line();
    labels.heads().stream()
        .filter(head -> !names.contains(head))
        .forEach(
            head ->
                problem(
                    line,
                    "there is no column \"%s\" in %s; prepare.heads names the columns of labels"
                        .formatted(head, names)));
    names.stream()
        .filter(name -> !allColumns.contains(name))
        .forEach(name -> problem(line, "unknown column \"" + name + "\"; expected " + allColumns));
    if (Set.copyOf(names).size() < names.size()) {
      problem(line, "a column is named twice in " + names);
    }
    columns = names;
    hasHeader = true;
    return true;
  }

  private void add(CsvRows.Row row) {
    int line = row.line();
    List<String> cells = row.cells();
    int least = hasHeader ? columns.size() : 1 + labels.heads().size();
    if (cells.size() > columns.size() || cells.size() < least) {
      problem(
          line, "found %d cells, expected %s".formatted(cells.size(), String.join(",", columns)));
      return;
    }
    String path = cell(cells, "path");
    List<List<String>> classes = new ArrayList<>();
    String empty = path.isEmpty() ? "path" : "";
    for (String head : labels.heads()) {
      String cell = cell(cells, head);
      classes.add(classes(line, cell));
      if (cell.isEmpty() && empty.isEmpty() && labels.labelling() == Labelling.SINGLE_LABEL) {
        empty = head;
      }
    }
    if (!empty.isEmpty()) {
      problem(line, "the " + empty + " is empty");
      return;
    }
    String start = cell(cells, "start");
    String end = cell(cells, "end");
    try {
      TimeSpan span =
          start.isEmpty() && end.isEmpty()
              ? TimeSpan.WHOLE
              : new TimeSpan(seconds(start, 0), seconds(end, Double.POSITIVE_INFINITY));
      String id = span.isWhole() ? path : path + "#t=" + start + "," + end;
      Integer earlier = lines.putIfAbsent(id, line);
      if (earlier != null) {
        problem(line, "\"%s\" is listed already in line %d".formatted(id, earlier));
        return;
      }
      videos.add(new LabelledVideo(id, new Path(file.getParent(), path).toString(), classes, span));
    } catch (IllegalArgumentException e) {
      problem(line, e.getMessage());
    }
  }

  private List<String> classes(int line, String cell) {
    if (labels.labelling() == Labelling.SINGLE_LABEL) {
      return List.of(cell);
    }
    List<String> names =
        Arrays.stream(cell.split("\\|", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    if (names.stream().distinct().count() < names.size()) {
      problem(line, "a class is named twice in \"" + cell + "\"");
    }
    return names;
  }

  private String cell(List<String> cells, String column) {
    int index = columns.indexOf(column);
    return index < 0 || index >= cells.size() ? "" : cells.get(index);
  }

  private static double seconds(String text, double ifEmpty) {
    if (text.isEmpty()) {
      return ifEmpty;
    }
    double seconds = 0;
    try {
      for (String part : text.split(":", -1)) {
        seconds = seconds * 60 + Double.parseDouble(part);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "found time \"%s\", expected seconds or hh:mm:ss.s".formatted(text), e);
    }
    return seconds;
  }

  private void problem(int line, String what) {
    problems.add(file + ": " + line + ": " + what);
  }
}
