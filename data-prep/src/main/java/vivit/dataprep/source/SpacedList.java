package vivit.dataprep.source;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.Labelling;

/**
 * Reads lists with a video and its class per line, separated by blanks, {@code clips/a b.mp4 17},
 * as other training programs use them.
 */
final class SpacedList {
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S.*?\\.(?:" + String.join("|", VideoNames.EXTENSIONS) + "))[ \\t]+(\\S.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private SpacedList() {}

  /** Whether the first row of a CSV file is a line of such a list. */
  static boolean isRow(List<String> cells) {
    return cells.size() == 1 && LINE.matcher(cells.get(0)).matches();
  }

  /**
   * Converts such a list to CSV, line by line; returns other files unchanged.
   *
   * @param labels defines the words after a video: one class, one per head, or any number
   */
  static String toCsv(Path file, String text, LabelColumns labels) {
    return isRow(CsvRows.first(file, text, ',').cells())
        ? text.lines().map(line -> row(line, labels)).collect(Collectors.joining("\n"))
        : text;
  }

  private static String row(String line, LabelColumns labels) {
    Matcher matcher = LINE.matcher(line.strip());
    if (!matcher.matches()) {
      return line;
    }
    List<String> classes = List.of(matcher.group(2).split("[ \\t]+"));
    boolean several = labels.labelling() == Labelling.MULTI_LABEL;
    if (labels.heads().size() == 1) {
      classes = List.of(several ? String.join("|", classes) : matcher.group(2));
    }
    return Stream.concat(Stream.of(matcher.group(1)), classes.stream())
        .map(SpacedList::quoted)
        .collect(Collectors.joining(","));
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }
}
