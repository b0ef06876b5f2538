package vivit.spark.config;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * A pattern of parameter names, such as {@code SpatialTransformer/**} or {@code *}{@code /kernel}.
 *
 * <p>{@code ?} stands for one character and {@code *} for any number of characters, except slashes;
 * {@code **} stands for any characters. The whole name must match.
 */
public record ParameterGlob(String text) implements Serializable {

  /** Refuses an empty pattern. */
  public ParameterGlob {
    if (text.isBlank()) {
      throw new IllegalArgumentException("an empty pattern; write for example embedding/**");
    }
  }

  /** Whether the pattern matches the parameter of this name. */
  public boolean matches(String name) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '*' && text.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return name.matches(regex.toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
