package vivit.dataprep.source;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** Collects all problems of annotations before an exception is thrown. */
final class Problems {
  /** Kinds of problems, as the summary counts them. */
  enum ProblemKind {
    FILE("wrong files"),
    SYNTAX("wrong quotes or syntax"),
    COLUMNS("wrong columns"),
    CELLS("wrong numbers of cells"),
    EMPTY("empty cells"),
    NUMBER("wrong numbers or times"),
    SPAN("parts that end before they start"),
    DUPLICATE("repeated videos"),
    CLASS("unknown classes");

    private final String text;

    ProblemKind(String text) {
      this.text = text;
    }
  }

  /** Most problems that are kept as text; the others are only counted. */
  private static final int MOST_KEPT = 10_000;

  private static final int MOST_CHARACTERS = 1000;

  private final List<String> texts = new ArrayList<>();
  private final Map<ProblemKind, Integer> counts = new EnumMap<>(ProblemKind.class);

  /** Adds a problem of a whole file. */
  void add(ProblemKind kind, Path file, String what) {
    count(kind, () -> file + ": " + what);
  }

  /** Adds a problem in a line, from 1. */
  void add(ProblemKind kind, Path file, int line, String what) {
    count(kind, () -> file + ": " + line + ": " + what);
  }

  /** Adds a problem with the value of a column or a JSON field. */
  void add(ProblemKind kind, Path file, int line, String column, String found, String expected) {
    count(
        kind,
        () ->
            "%s: %d: %s: found \"%s\", expected %s".formatted(file, line, column, found, expected));
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  /** The number of problems. */
  int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The first ten thousand problems, in the order in which they were found. */
  List<String> texts() {
    return texts;
  }

  /** The number of problems of each kind. */
  String summary() {
    return counts.entrySet().stream()
        .map(count -> count.getKey().text + " " + count.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Throws if there is any problem. */
  void check() throws SourceException {
    if (!isEmpty()) {
      throw new SourceException(this);
    }
  }

  private void count(ProblemKind kind, Supplier<String> problem) {
    if (texts.size() < MOST_KEPT) {
      String text = problem.get();
      texts.add(text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "…" : text);
    }
    counts.merge(kind, 1, Integer::sum);
  }
}
