package vivit.dataprep.text;

import java.util.List;
import java.util.stream.Collectors;

/** Formats lists of names and sentences inside messages. */
public final class Lists {
  private static final int SHOWN = 5;

  private Lists() {}

  /** The number of names and the first five: {@code 7 are new ("a", "b", "c", "d", "e", ...)}. */
  public static String some(List<String> names, String what) {
    return names.stream()
        .limit(SHOWN)
        .map(name -> '"' + Visible.text(name) + '"')
        .collect(
            Collectors.joining(
                ", ",
                "%d %s (".formatted(names.size(), what),
                names.size() > SHOWN ? ", ...)" : ")"));
  }

  /** Puts each sentence on a separate line below another sentence. */
  public static String lines(List<String> sentences) {
    return sentences.stream().map(one -> "\n  " + Visible.text(one)).collect(Collectors.joining());
  }
}
