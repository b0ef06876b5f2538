package vivit.dataprep.inspect;

/**
 * Texts of strangers, such as names of files and classes, made harmless: characters that cannot be
 * seen, or that turn the direction of others, are shown as their escapes.
 */
final class Visible {
  private Visible() {}

  /** On one line, without control characters, turns of direction and halves of characters. */
  static String text(String text) {
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
  static String markup(String text) {
    return text(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
