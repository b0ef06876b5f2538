package vivit.dataprep.config;

import java.util.List;

/**
 * Everything that is wrong with a configuration, one line a problem, so that one run is enough to
 * mend it.
 */
public final class ConfigException extends Refusal {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One line a problem: {@code file: line: what was found; what was expected or what to do}. */
  public List<String> problems() {
    return problems;
  }
}
