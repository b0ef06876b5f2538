package vivit.tests.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of Markdown: where its links lead, what links can lead to, and its code. */
final class Markdown {
  private static final Pattern FENCE = Pattern.compile(" {0,3}(```|~~~).*");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?)[ #]*");
  private static final Pattern ANCHOR = Pattern.compile("<a +(?:id|name)=\"([^\"]+)\"");
  private static final Pattern LINK =
      Pattern.compile(
          "\\]\\(<?([^)\\s>]+)>?(?: +\"[^\"]*\")?\\)" // [text](target "title")
              + "|^ {0,3}\\[[^\\]]+\\]: +<?(\\S+?)>?(?: .*)?$" // [name]: target
              + "|<(?:a|img|source)\\b[^>]*?\\b(?:href|src|srcset)=\"([^\"]+)\"");
  private static final Pattern SPAN = Pattern.compile("(`+)(.+?)\\1");

  private final List<String> prose = new ArrayList<>();
  private final List<String> code = new ArrayList<>();

  private Markdown() {}

  static Markdown read(Path file) throws IOException {
    Markdown page = new Markdown();
    boolean fenced = false;
    for (String line : Files.readAllLines(file)) {
      boolean fence = FENCE.matcher(line).matches();
      boolean isCode = fenced || line.startsWith("    ");
      fenced ^= fence;
      if (!fence) {
        (isCode ? page.code : page.prose).add(line);
      }
    }
    return page;
  }

  /** Targets of links and pictures. */
  List<String> links() {
    List<String> links = new ArrayList<>();
    for (String line : prose) {
      Matcher link = LINK.matcher(SPAN.matcher(line).replaceAll("code"));
      while (link.find()) {
        for (int group = 1; group <= link.groupCount(); group++) {
          if (link.group(group) != null) {
            links.add(link.group(group));
          }
        }
      }
    }
    return links;
  }

  /** What may follow # in a link to this page: GitHub's slugs of headings, and anchors. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : prose) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String slug = slug(heading.group(1));
        int times = seen.merge(slug, 1, Integer::sum);
        anchors.add(times == 1 ? slug : slug + "-" + (times - 1));
      }
      ANCHOR.matcher(line).results().forEach(anchor -> anchors.add(anchor.group(1)));
    }
    return anchors;
  }

  /** Lower case, blanks as hyphens, no markup and no punctuation. */
  static String slug(String heading) {
    return heading
        .replaceAll("<[^>]*>", "")
        .replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}\\p{M}\\p{Pc} -]", "")
        .replace(' ', '-');
  }

  /**
   * Code, line by line: of blocks, continued lines joined, then of spans in the text, which may
   * break over two lines.
   */
  List<String> code() {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String part : code) {
      boolean goesOn = part.endsWith("\\");
      line.append(goesOn ? part.substring(0, part.length() - 1) : part).append(' ');
      if (!goesOn) {
        lines.add(line.toString().strip());
        line.setLength(0);
      }
    }
    SPAN.matcher(String.join(" ", prose)).results().forEach(span -> lines.add(span.group(2)));
    return lines;
  }
}
