package vivit.dataprep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.BadPath;
import com.typesafe.config.ConfigException.Parse;
import com.typesafe.config.ConfigException.WrongType;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * HOCON text, looked at before the library's parser, which is recursive, sees it: text that is too
 * long or too deeply nested is refused.
 *
 * @param name of the file, for messages
 * @param text its content
 * @param includes lines of the include statements, from 1, in the order of the text
 * @param references lines that refer to keys or variables, by <code>${...}</code> or {@code +=}
 * @param unbalanced a sentence on the first bracket that lacks its other half; empty if none does
 */
record HoconText(
    String name, String text, List<Integer> includes, List<Integer> references, String unbalanced) {
  /** Largest number of characters of a configuration. */
  static final int MOST_CHARACTERS = 128 * 1024;

  /** Largest number of groups and lists inside each other, and of names in a key. */
  static final int DEEPEST = 64;

  private static final String INCLUDE = "include";
  private static final String QUOTES = "\"\"\"";

  /**
   * Looks through a text.
   *
   * @throws ConfigException if it is too long or too deeply nested
   */
  static HoconText of(String name, String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new ConfigException(
          List.of(
              "%s: found more than %d characters, which no configuration has; give another file"
                  .formatted(name, MOST_CHARACTERS)));
    }
    Scan scan = new Scan(name, text);
    scan.run();
    return new HoconText(name, text, scan.includes, scan.references, scan.unbalanced());
  }

  /**
   * Parses the text; substitutions stay unresolved.
   *
   * @param includer answers the include statements
   */
  Config parse(ConfigSyntax syntax, ConfigIncluder includer) {
    try {
      return ConfigFactory.parseString(
          text,
          ConfigParseOptions.defaults()
              .setOriginDescription(name)
              .setSyntax(syntax)
              .setIncluder(includer));
    } catch (com.typesafe.config.ConfigException broken) {
      throw new ConfigException(List.of(unbalanced.isEmpty() ? reason(broken) : unbalanced));
    }
  }

  /**
   * What the library found wrong, with file and line where it knows them. Only messages that quote
   * the one place are passed on; the others print the values that were read so far.
   */
  static String reason(com.typesafe.config.ConfigException refusal) {
    if (refusal instanceof Parse || refusal instanceof BadPath) {
      return refusal.getMessage();
    }
    String place = StrictConfig.where(refusal.origin());
    return (place.isEmpty() ? "configuration: " : place)
        + (refusal instanceof WrongType
            ? "found a text, a list or a group of keys joined to a value of another kind; give one of"
                + " them alone"
            : "found a reference, such as ${NAME}, that cannot be resolved; give the value itself");
  }

  /** One pass over the characters, with strings and comments left out. */
  private static final class Scan {
    private final String name;
    private final String text;
    private final List<Integer> includes = new ArrayList<>();
    private final List<Integer> references = new ArrayList<>();
    private final Deque<Bracket> open = new ArrayDeque<>();
    private String stray = "";
    private int at;
    private int line = 1;

    /** An opening bracket and its line. */
    private record Bracket(char opening, int line) {
      char closing() {
        return opening == '{' ? '}' : ']';
      }
    }

    Scan(String name, String text) {
      this.name = name;
      this.text = text;
    }

    void run() {
      int depth = 0;
      int dots = 0;
      boolean keyMayFollow = true;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '#' || text.startsWith("//", at)) {
          skipTo('\n');
          continue;
        } else if (c == '"') {
          skipString();
          keyMayFollow = false;
          continue;
        } else if (keyMayFollow && isInclude()) {
          includes.add(line);
        } else if (c == '{' || c == '[') {
          depth++;
          open.push(new Bracket(c, line));
        } else if (c == '}' || c == ']') {
          depth--;
          close(c);
        }
        if (text.startsWith("${", at) || text.startsWith("+=", at)) {
          references.add(line);
        }
        dots = c == '.' ? dots + 1 : "=:,+{}[]\n".indexOf(c) < 0 ? dots : 0;
        if (Math.max(depth, dots) > DEEPEST) {
          throw new ConfigException(
              List.of(
                  "%s: %d: found more than %d groups inside each other; expected fewer than 10"
                      .formatted(name, line, DEEPEST)));
        }
        keyMayFollow = "{,\n".indexOf(c) >= 0 || (keyMayFollow && Character.isWhitespace(c));
        line += c == '\n' ? 1 : 0;
        at++;
      }
    }

    private void close(char found) {
      if (!stray.isEmpty()) {
        return;
      }
      Bracket last = open.poll();
      if (last == null) {
        stray =
            "%s: %d: found %s, but nothing is open here; remove it".formatted(name, line, found);
      } else if (last.closing() != found) {
        stray =
            "%s: %d: found %s, but the %s of line %d is still open; close it with %s first"
                .formatted(name, line, found, last.opening(), last.line(), last.closing());
      }
    }

    /** The first bracket that lacks its other half. */
    String unbalanced() {
      if (!stray.isEmpty() || open.isEmpty()) {
        return stray;
      }
      Bracket last = open.peek();
      return "%s: %d: the %s that opens here is never closed; add %s"
          .formatted(name, last.line(), last.opening(), last.closing());
    }

    private boolean isInclude() {
      int end = at + INCLUDE.length();
      return text.startsWith(INCLUDE, at)
          && end < text.length()
          && (text.charAt(end) == '"' || Character.isWhitespace(text.charAt(end)));
    }

    private void skipTo(char end) {
      while (at < text.length() && text.charAt(at) != end) {
        at++;
      }
    }

    private void skipString() {
      if (text.startsWith(QUOTES, at)) {
        int end = text.indexOf(QUOTES, at + QUOTES.length());
        int from = at;
        at = end < 0 ? text.length() : end + QUOTES.length();
        while (at < text.length() && text.charAt(at) == '"') {
          at++;
        }
        line += (int) text.substring(from, at).chars().filter(c -> c == '\n').count();
        return;
      }
      at++;
      while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      if (at < text.length() && text.charAt(at) == '"') {
        at++;
      }
    }
  }
}
