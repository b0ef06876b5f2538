package vivit.model.initialise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.parameter.Parameter;

/**
 * Origin of every parameter of a model, and the unused tensors of the file.
 *
 * @param source the file's name
 * @param format the file's format
 * @param lines one per parameter, in the order of the flat vector
 * @param unused tensors, in the order of the file
 * @param warnings about unexpected results
 */
public record InitialisationReport(
    String source,
    Format format,
    List<ParameterOrigin> lines,
    List<Unused> unused,
    List<String> warnings) {

  /** A parameter and its origin. */
  public record ParameterOrigin(Parameter parameter, Origin origin) {
    /** Whether the file or an option determines the parameter. */
    public boolean isSet() {
      return !(origin instanceof Origin.Kept);
    }
  }

  /** An unused tensor and the reason. */
  public record Unused(TensorEntry tensor, String reason) {}

  /** Copies the lists. */
  public InitialisationReport {
    lines = List.copyOf(lines);
    unused = List.copyOf(unused);
    warnings = List.copyOf(warnings);
  }

  /** The same with more warnings. */
  public InitialisationReport with(List<String> more) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new InitialisationReport(source, format, lines, unused, all);
  }

  /** Formats the counts in one line. */
  public String summary() {
    long set = lines.stream().filter(ParameterOrigin::isSet).count();
    long values =
        lines.stream()
            .filter(ParameterOrigin::isSet)
            .mapToLong(line -> line.parameter().length())
            .sum();
    long all = lines.stream().mapToLong(line -> line.parameter().length()).sum();
    return "Initialised %d of %d parameters, %d of %d numbers, from %s (%s); %d of its tensors not used"
        .formatted(set, lines.size(), values, all, source, format.title(), unused.size());
  }

  /** Formats a table of parameter, shape and origin, then the unused tensors, then the warnings. */
  public String text() {
    int names = lines.stream().mapToInt(line -> line.parameter().name().length()).max().orElse(0);
    names =
        Math.max(names, unused.stream().mapToInt(u -> u.tensor().name().length()).max().orElse(0));
    String row = "%-" + (names + 2) + "s%-24s%s%n";
    StringBuilder text = new StringBuilder(summary()).append(System.lineSeparator());
    text.append("What is not set stays as it was drawn at random, or begins at zero or one.")
        .append(System.lineSeparator());
    text.append(System.lineSeparator()).append(row.formatted("parameter", "shape", "from"));
    for (ParameterOrigin line : lines) {
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
