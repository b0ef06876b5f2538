package vivit.model.checkpoint;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of classifiers: Scenic has one {@code output_projection} whose columns are all heads' side
 * by side; models of several heads have {@code output_projection/<head>}.
 */
final class HeadNames {

  private static final Pattern SPLIT = Pattern.compile("output_projection/([^/]+)/(kernel|bias)");

  /** The two parts of a classifier. */
  static final List<String> PARTS = List.of("kernel", "bias");

  private HeadNames() {}

  /** Scenic's name of all heads' part. */
  static String whole(String part) {
    return "output_projection/" + part;
  }

  /** The part that a head's tensor is, {@code kernel} or {@code bias}; empty for other tensors. */
  static String part(String name) {
    Matcher matcher = SPLIT.matcher(name);
    return matcher.matches() ? matcher.group(2) : "";
  }
}
