package vivit.dataprep.source;

import java.io.IOException;
import java.util.List;

/** Everything that is wrong with the videos' annotations, one line a problem. */
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_LINES = 50;

  public SourceException(List<String> problems) {
    super(message(problems));
  }

  private static String message(List<String> problems) {
    String shown = String.join("\n", problems.subList(0, Math.min(MOST_LINES, problems.size())));
    return problems.size() <= MOST_LINES
        ? shown
        : shown + "\nand " + (problems.size() - MOST_LINES) + " more problems like these";
  }
}
