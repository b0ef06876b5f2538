package vivit.dataprep.source;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TimeSpan;

/**
 * A row of an annotation file: its cells by column, and the collection that receives its problems.
 */
record CsvLine(Path file, int line, List<String> columns, List<String> cells, Problems problems) {

  /** The cell; empty if the row is shorter or the column is missing. */
  String text(String column) {
    int index = columns.indexOf(column);
    return index < 0 || index >= cells.size() ? "" : cells.get(index);
  }

  /** The cell; an empty one is a problem. */
  Optional<String> needed(String column) {
    String text = text(column);
    if (text.isEmpty()) {
      problems.add(Problems.ProblemKind.EMPTY, file, line, "the " + column + " is empty");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  /** A whole number from 0 up; anything else is a problem. */
  OptionalInt whole(String column) {
    String text = text(column);
    if (text.matches("\\d{1,9}(\\.0*)?")) {
      return OptionalInt.of((int) Double.parseDouble(text));
    }
    wrong(Problems.ProblemKind.NUMBER, column, "a whole number from 0 up");
    return OptionalInt.empty();
  }

  /** A time, as seconds or {@code hh:mm:ss.s}; anything else is a problem. */
  OptionalDouble seconds(String column) {
    OptionalDouble seconds = TimeSpan.seconds(text(column));
    if (seconds.isEmpty()) {
      wrong(Problems.ProblemKind.NUMBER, column, "seconds or hh:mm:ss.s, from 0 up");
    }
    return seconds;
  }

  /** The part between two times, both of which are required. */
  Optional<TimeSpan> span(String startColumn, String endColumn) {
    OptionalDouble start = seconds(startColumn);
    OptionalDouble end = seconds(endColumn);
    return start.isEmpty() || end.isEmpty()
        ? Optional.empty()
        : span(startColumn, start.getAsDouble(), endColumn, end.getAsDouble());
  }

  /** The part between two times; an end before the start is a problem. */
  Optional<TimeSpan> span(String startColumn, double start, String endColumn, double end) {
    if (end > start) {
      return Optional.of(new TimeSpan(start, end));
    }
    String expected = "a moment after %s \"%s\"".formatted(startColumn, text(startColumn));
    wrong(Problems.ProblemKind.SPAN, endColumn, expected);
    return Optional.empty();
  }

  /** Records a wrong cell. */
  void wrong(Problems.ProblemKind kind, String column, String expected) {
    problems.add(kind, file, line, column, text(column), expected);
  }
}
