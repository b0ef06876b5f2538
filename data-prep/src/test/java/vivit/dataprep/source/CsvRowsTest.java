package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.hadoop.fs.Path;

class CsvRowsTest {
  private static final Path FILE = new Path("list.csv");

  private static List<CsvRows.CsvRow> split(String text, char delimiter) {
    List<CsvRows.CsvRow> rows = new ArrayList<>();
    Problems problems = new Problems();
    CsvRows.split(FILE, text, delimiter, problems, rows::add);
    assertThat(problems.texts()).isEmpty();
    return rows;
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> cell =
        Arbitraries.strings()
            .withChars("ab,;\"\n\r é\u0301\ud83d\ude00'")
            .ofMaxLength(6)
            .filter(text -> !text.endsWith("\ud83d") && !text.startsWith("\ude00"));
    return cell.list().ofSize(3).list().ofMaxSize(8);
  }

  @Property(tries = 300, seed = "5")
  void whatIsWrittenInQuotesIsReadBack(
      @ForAll("tables") List<List<String>> table, @ForAll boolean windows) {
    String end = windows ? "\r\n" : "\n";
    StringBuilder text = new StringBuilder();
    List<Integer> lines = new ArrayList<>();
    for (List<String> row : table) {
      lines.add(1 + (int) text.chars().filter(c -> c == '\n').count());
      text.append(
              String.join(
                  ",", row.stream().map(cell -> '"' + cell.replace("\"", "\"\"") + '"').toList()))
          .append(end);
    }
    List<CsvRows.CsvRow> rows = split(text.toString(), ',');
    assertThat(rows).extracting(CsvRows.CsvRow::cells).isEqualTo(table);
    assertThat(rows).extracting(CsvRows.CsvRow::line).isEqualTo(lines);
  }

  @Example
  void otherDelimitersAndBlankLines() {
    assertThat(split("\n1;a, b\n\n2;\"c;d\"\n", ';'))
        .containsExactly(
            new CsvRows.CsvRow(2, List.of("1", "a, b")),
            new CsvRows.CsvRow(4, List.of("2", "c;d")));
    assertThat(CsvRows.first(FILE, "\n \na,b\nc", ','))
        .isEqualTo(new CsvRows.CsvRow(3, List.of("a", "b")));
  }
}
