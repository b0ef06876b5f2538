package vivit.dataprep.source;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import vivit.dataprep.text.Visible;

/** All problems of the videos' annotations, one per line. */
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_LINES = 50;

  @SuppressWarnings("serial") // an immutable list of texts
  private final List<String> problems;

  /** Creates the exception; the message holds the first problems, {@link #problems} all. */
  public SourceException(List<String> problems) {
    this(problems, problems.size(), "");
  }

  SourceException(Problems problems) {
    this(problems.texts(), problems.count(), ": " + problems.summary());
  }

  private SourceException(List<String> problems, int count, String summary) {
    super(message(problems, count, summary));
    this.problems = problems.stream().map(Visible::text).toList();
  }

  /** All problems, but of annotations at most ten thousand; the message shows at most fifty. */
  public List<String> problems() {
    return problems;
  }

  private static String message(List<String> problems, int count, String summary) {
    if (problems.size() == 1) {
      return Visible.text(problems.get(0));
    }
    int hidden = count - MOST_LINES;
    return problems.stream().limit(MOST_LINES).map(Visible::text).collect(Collectors.joining("\n"))
        + (hidden > 0 ? "\nand " + hidden + " more problems like these" : "")
        + "\n"
        + count
        + " problems in all"
        + summary;
  }
}
