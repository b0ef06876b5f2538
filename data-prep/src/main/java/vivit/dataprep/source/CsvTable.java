package vivit.dataprep.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * Reads the rows of a CSV annotation file by column name, ignoring case.
 *
 * @param needed required columns; the first of them marks a header
 * @param columns all columns, in the order that applies without a header
 * @param least fewest cells of a row without a header; 0 if a header is required
 * @param others treatment of columns with other names
 * @param delimiter between cells
 */
record CsvTable(
    List<String> needed, List<String> columns, int least, Others others, char delimiter) {
  /** Treatment of unknown columns. */
  enum Others {
    IGNORED,
    REFUSED
  }

  /**
   * Passes on all rows with the expected number of cells.
   *
   * @return whether the text has any rows
   */
  boolean read(Path file, String text, Problems problems, Consumer<CsvLine> lines) {
    Reader reader = new Reader(file, problems, lines);
    CsvRows.split(file, text, delimiter, problems, reader::row);
    return reader.rows > 0;
  }

  /** Whether a row is a header of this table. */
  boolean isHeader(List<String> cells) {
    return lowerCase(cells).contains(needed.get(0));
  }

  private static List<String> lowerCase(List<String> cells) {
    return cells.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
  }

  private final class Reader {
    private final Path file;
    private final Problems problems;
    private final Consumer<CsvLine> lines;
    private List<String> names;
    private boolean named;
    private boolean complete = true;
    private int fewest = least;
    private int rows;

    Reader(Path file, Problems problems, Consumer<CsvLine> lines) {
      this.file = file;
      this.problems = problems;
      this.lines = lines;
    }

    void row(CsvRows.CsvRow row) {
      if (names == null) {
        names = columns;
        if (isHeader(row.cells()) || least == 0) {
          header(row.line(), lowerCase(row.cells()));
          return;
        }
      }
      if (named && lowerCase(row.cells()).equals(names)) {
        problem(row.line(), "the header again, as in lists that were joined; delete this line");
        return;
      }
      rows++;
      int cells = row.cells().size();
      if (complete && (cells > names.size() || cells < fewest)) {
        problems.add(
            Problems.ProblemKind.CELLS,
            file,
            row.line(),
            "found %d cells, expected %s".formatted(cells, String.join(",", names)));
      } else if (complete) {
        lines.accept(new CsvLine(file, row.line(), names, row.cells(), problems));
      }
    }

    private void header(int line, List<String> found) {
      names = found;
      named = true;
      fewest = found.size();
      List<String> missing = new ArrayList<>(needed);
      missing.removeAll(found);
      complete = missing.isEmpty();
      missing.forEach(
          name ->
              problem(
                  line,
                  "there is no column \"%s\" in %s%s".formatted(name, found, hint(name, found))));
      if (others == Others.REFUSED) {
        found.stream()
            .filter(name -> !columns.contains(name))
            .forEach(
                name ->
                    problem(
                        line,
                        "unknown column \"%s\"; expected %s; correct its name, or delete it"
                            .formatted(name, columns)));
      }
      if (Set.copyOf(found).size() < found.size()) {
        problem(line, "a column is named twice in " + found);
      }
    }

    private String hint(String name, List<String> found) {
      if (name.equals(needed.get(0)) || !columns.contains("path")) {
        return "";
      }
      return found.equals(List.of("path"))
          ? FormatGuess.NO_CLASSES
          : "; prepare.heads names the columns of labels";
    }

    private void problem(int line, String what) {
      problems.add(Problems.ProblemKind.COLUMNS, file, line, what);
    }
  }
}
