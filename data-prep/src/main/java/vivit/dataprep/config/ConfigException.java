package vivit.dataprep.config;

import java.util.List;

/** All problems of a configuration, one per line, so that one run is enough to correct it. */
public final class ConfigException extends Refusal {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** With one line per problem. */
  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems, each {@code file: line: what was found; what was expected or what to do}. */
  public List<String> problems() {
    return problems;
  }
}
