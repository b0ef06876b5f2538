package vivit.dataprep.source;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits CSV text (RFC 4180: commas, double quotes, doubled inside) into rows that know their line.
 * Stricter than usual: a quote in the wrong place is a problem, not a guess.
 */
final class CsvRows {
  /**
   * One row.
   *
   * @param line where it starts, from 1
   */
  record Row(int line, List<String> cells) {}

  private final String text;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> problems;
  private final String file;
  private int at;
  private int line = 1;

  private CsvRows(String file, String text, List<String> problems) {
    this.file = file;
    this.text = text;
    this.problems = problems;
  }

  /** Splits a text; what is wrong with it is added to {@code problems} as {@code file: line: …}. */
  static List<Row> split(String file, String text, List<String> problems) {
    CsvRows reader = new CsvRows(file, text, problems);
    while (reader.at < text.length()) {
      reader.row();
    }
    return reader.rows;
  }

  private void row() {
    int start = line;
    List<String> cells = new ArrayList<>();
    do {
      cells.add(peek() == '"' ? quoted() : plain());
    } while (take(','));
    endOfLine();
    if (cells.size() > 1 || !cells.get(0).isBlank()) {
      rows.add(new Row(start, cells));
    }
  }

  private String plain() {
    int start = at;
    while (at < text.length() && ",\r\n".indexOf(peek()) < 0) {
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
        if (at < text.length() && ",\r\n".indexOf(peek()) < 0) {
          problem(line, "text after a closing quote; expected a comma or the end of the line");
          plain();
        }
        return cell.toString();
      }
      if (c == '\n') {
        line++;
      }
      cell.append(c);
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

  private void problem(int where, String what) {
    problems.add(file + ": " + where + ": " + what);
  }
}
