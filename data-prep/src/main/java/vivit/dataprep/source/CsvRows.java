package vivit.dataprep.source;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * Splits CSV text (RFC 4180: a delimiter, and double quotes, doubled inside) into rows with line
 * numbers. Stricter than most readers: a misplaced quote is a problem.
 */
final class CsvRows {
  private static final int MOST_CELLS = 1000;

  /**
   * A row.
   *
   * @param line number of its first line, from 1
   */
  record CsvRow(int line, List<String> cells) {}

  private final Path file;
  private final String text;
  private final char delimiter;
  private final String ends;
  private final Problems problems;
  private int at;
  private int line = 1;

  private CsvRows(Path file, String text, char delimiter, Problems problems) {
    this.file = file;
    this.text = text;
    this.delimiter = delimiter;
    this.ends = delimiter + "\r\n";
    this.problems = problems;
  }

  /** Passes on every row that is not blank; syntax errors become problems. */
  static void split(
      Path file, String text, char delimiter, Problems problems, Consumer<CsvRow> rows) {
    CsvRows reader = new CsvRows(file, text, delimiter, problems);
    while (reader.at < text.length()) {
      CsvRow row = reader.row();
      if (row.cells.size() > 1 || !row.cells.get(0).isBlank()) {
        rows.accept(row);
      }
    }
  }

  /**
   * The first row that is not blank; one blank cell if there is none. The rest of the text is not
   * checked.
   */
  static CsvRow first(Path file, String text, char delimiter) {
    CsvRows reader = new CsvRows(file, text, delimiter, new Problems());
    while (reader.at < text.length()) {
      CsvRow row = reader.row();
      if (row.cells.size() > 1 || !row.cells.get(0).isBlank()) {
        return row;
      }
    }
    return new CsvRow(1, List.of(""));
  }

  private CsvRow row() {
    int start = line;
    List<String> cells = new ArrayList<>(8);
    do {
      cells.add(peek() == '"' ? quoted() : plain());
      if (cells.size() > MOST_CELLS) {
        stop(start, "a row of more than %d cells".formatted(MOST_CELLS));
      }
    } while (take(delimiter));
    endOfLine();
    return new CsvRow(start, cells);
  }

  private String plain() {
    int start = at;
    while (at < text.length() && ends.indexOf(peek()) < 0) {
      if (peek() == '"') {
        problem(
            line, "a quote inside an unquoted cell; put the whole cell in quotes, and double it");
      }
      at++;
    }
    return text.substring(start, at).strip();
  }

  private String quoted() {
    int start = line;
    StringBuilder cell = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"' && !take('"')) {
        if (at < text.length() && ends.indexOf(peek()) < 0) {
          problem(line, "text after a closing quote; expected a comma or the end of the line");
          plain();
        }
        return cell.toString();
      }
      if (c == '\n') {
        line++;
      }
      cell.append(c);
      if (cell.length() > AnnotationText.MOST_IN_A_LINE) {
        stop(
            start,
            "a quote is opened and not closed within %d characters"
                .formatted(AnnotationText.MOST_IN_A_LINE));
        return "";
      }
    }
    problem(start, "a quote is opened and never closed");
    return cell.toString();
  }

  private void endOfLine() {
    take('\r');
    take('\n');
    line++;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean take(char expected) {
    if (at < text.length() && peek() == expected) {
      at++;
      return true;
    }
    return false;
  }

  /** Ends the reading: what follows cannot be told apart. */
  private void stop(int where, String what) {
    problem(where, what);
    at = text.length();
  }

  private void problem(int where, String what) {
    problems.add(Problems.ProblemKind.SYNTAX, file, where, what);
  }
}
