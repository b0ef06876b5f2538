package vivit.dataprep.text;

import java.util.regex.Pattern;

/**
 * Hides passwords and keys in text: those in addresses, {@code s3a://KEY:SECRET@bucket}, and the
 * values of Hadoop's and Spark's properties whose names say that they are secret.
 */
public final class Secrets {
  private static final String HIDDEN = "<hidden>";

  /**
   * What an address has before its host, if a password is in it. A number is a port, except where
   * buckets have none; local files have no host.
   */
  private static final Pattern IN_ADDRESS =
      Pattern.compile(
          "(?<![A-Za-z0-9+.-])(?:((?:s3[an]?|wasbs?):/{1,3})[^/\\s:@\"]*:[^\\s@\"]*@"
              + "|((?!file:)[A-Za-z][A-Za-z0-9+.-]*:/{1,3})[^/\\s:@\"]*:(?!\\d+/)[^\\s@\"]*@)");

  private static final Pattern PROPERTY =
      Pattern.compile(
          "(?i)\\b((?:spark|fs|hadoop|dfs|javax)\\.[\\w.@-]*"
              + "(?:secret|passw|token|credential|(?:access|account|encryption|private)[.-]?key)"
              + "[\\w.@-]*\\s*[=:]\\s*)[^\\s,;]+");

  private Secrets() {}

  /** The text with {@code <hidden>} in place of secrets. */
  public static String hidden(String text) {
    if (text.indexOf(':') < 0 && text.indexOf('=') < 0) {
      return text;
    }
    String addresses = IN_ADDRESS.matcher(text).replaceAll("$1$2" + HIDDEN + "@");
    return PROPERTY.matcher(addresses).replaceAll("$1" + HIDDEN);
  }

  /** Whether a path is an address with a password. */
  public static boolean isIn(String path) {
    return IN_ADDRESS.matcher(path).lookingAt();
  }
}
