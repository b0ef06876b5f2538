package vivit.model.initialise;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.parameter.Parameter;

/**
 * Where every parameter of a model came from, and what of the file nobody wanted.
 *
 * @param source the file's name
 * @param format the file's format
 * @param lines one per parameter, in the order of the flat vector
 * @param unused tensors of the file that went nowhere, in the order of the file
 * @param warnings what a reader of the table should not miss
 */
public record InitialisationReport(
    String source, Format format, List<Line> lines, List<Unused> unused, List<String> warnings) {

  /** A parameter and where it came from. */
  public record Line(Parameter parameter, Origin origin) {
    /** Whether the file or an option says what the parameter is. */
    public boolean isSet() {
      return !(origin instanceof Origin.Kept);
    }
  }

  /** A tensor that went nowhere, and why. */
  public record Unused(TensorEntry tensor, String reason) {}

  /** Copies the lists. */
  public InitialisationReport {
    lines = List.copyOf(lines);
    unused = List.copyOf(unused);
    warnings = List.copyOf(warnings);
  }

  /** The origin of a parameter, if the model has one of this name. */
  public Optional<Origin> origin(String parameter) {
    return lines.stream()
        .filter(line -> line.parameter().name().equals(parameter))
        .map(Line::origin)
        .findFirst();
  }

  /** One line of figures. */
  public String summary() {
    long set = lines.stream().filter(Line::isSet).count();
    long values =
        lines.stream().filter(Line::isSet).mapToLong(line -> line.parameter().length()).sum();
    long all = lines.stream().mapToLong(line -> line.parameter().length()).sum();
    return "Initialised %d of %d parameters, %d of %d numbers, from %s (%s); %d of its tensors not used"
        .formatted(set, lines.size(), values, all, source, format.title(), unused.size());
  }

  /** The table: parameter, shape, origin; then the file's unused tensors; then the warnings. */
  public String text() {
    int names = lines.stream().mapToInt(line -> line.parameter().name().length()).max().orElse(0);
    names =
        Math.max(names, unused.stream().mapToInt(u -> u.tensor().name().length()).max().orElse(0));
    String row = "%-" + (names + 2) + "s%-24s%s%n";
    StringBuilder text = new StringBuilder(summary()).append(System.lineSeparator());
    text.append("What is not set stays as it was drawn at random, or begins at zero or one.")
        .append(System.lineSeparator());
    text.append(System.lineSeparator()).append(row.formatted("parameter", "shape", "from"));
    for (Line line : lines) {
      Parameter parameter = line.parameter();
      text.append(
          row.formatted(
              parameter.name(), Arrays.toString(parameter.shape()), line.origin().description()));
    }
    if (!unused.isEmpty()) {
      text.append(System.lineSeparator()).append(row.formatted("not used", "shape", "because"));
      unused.forEach(
          u ->
              text.append(
                  row.formatted(
                      u.tensor().name(), Arrays.toString(u.tensor().shape()), u.reason())));
    }
    if (!warnings.isEmpty()) {
      text.append(System.lineSeparator());
      warnings.forEach(warning -> text.append(warning).append(System.lineSeparator()));
    }
    return text.toString();
  }
}
