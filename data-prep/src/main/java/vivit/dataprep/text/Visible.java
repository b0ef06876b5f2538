package vivit.dataprep.text;

import java.util.stream.Collectors;

/**
 * Texts of strangers, such as names of files and classes, made harmless: characters that cannot be
 * seen, or that turn the direction of others, are shown as their escapes.
 */
public final class Visible {
  private Visible() {}

  /** On one line, without control characters, turns of direction and halves of characters. */
  public static String text(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
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

  /** The same on as many lines as the text has. */
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

  /** For HTML and XML, as content and in quotes. */
  public static String markup(String text) {
    return text(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
