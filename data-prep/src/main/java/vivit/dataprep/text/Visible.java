package vivit.dataprep.text;

import java.util.stream.Collectors;

/**
 * Makes foreign text, such as names of files and classes, safe to print: invisible characters, and
 * those that change the direction of writing, become escapes, and {@link Secrets} are hidden.
 */
public final class Visible {
  private Visible() {}

  /**
   * Converts text to one line, with control characters, changes of direction and lone surrogates
   * escaped.
   */
  public static String text(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    Secrets.hidden(text)
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                shown.append("\\n");
              } else if (c == '\t') {
                shown.append("\\t");
              } else if (isInvisible(c)) {
                shown.append(c > 0xffff ? "\\u{%x}".formatted(c) : "\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  /** Applies {@link #text} to each line. */
  public static String lines(String text) {
    return text.lines().map(Visible::text).collect(Collectors.joining("\n"));
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.UNASSIGNED,
              Character.PRIVATE_USE,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
          c != 0x200d; // joins emoji
      default -> false;
    };
  }

  /** Escapes text for HTML and XML, as content and in attribute values. */
  public static String markup(String text) {
    return text(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
