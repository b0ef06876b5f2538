package vivit.dataprep.inspect.page;

import java.util.List;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/** Builds well-formed HTML; all text from outside passes through {@link Visible#markup}. */
final class Html {
  private static final String AUTO = "bdi";
  private static final String PATH = "bdi dir=\"ltr\"";

  private final StringBuilder text = new StringBuilder();

  /**
   * A cell of a table.
   *
   * @param text content
   * @param order number to sort by; NaN to sort by the text
   * @param direction element that isolates the direction of the text
   */
  record Cell(String text, double order, String direction) {
    Cell(String text, double order) {
      this(text, order, AUTO);
    }

    static Cell of(String text) {
      return new Cell(text, Double.NaN);
    }

    /** A path, always shown from left to right. */
    static Cell path(String text) {
      return new Cell(text, Double.NaN, PATH);
    }

    static Cell of(long count) {
      return new Cell(Figures.count(count), count);
    }
  }

  /** Appends markup without escaping. */
  Html raw(String markup) {
    text.append(markup);
    return this;
  }

  /** Appends an escaped text. */
  Html text(String content) {
    text.append(Visible.markup(content));
    return this;
  }

  /** Appends {@code <tag>}; the tag may include attributes. */
  Html open(String tag) {
    text.append('<').append(tag).append('>');
    return this;
  }

  /** Appends {@code </tag>}. */
  Html close(String tag) {
    text.append("</").append(tag).append(">\n");
    return this;
  }

  /** Appends an element with a text; {@code tag} may include attributes. */
  Html element(String tag, String content) {
    return open(tag).text(content).close(tag.split(" ", 2)[0]);
  }

  /** Appends a text whose direction does not affect its surroundings. */
  Html isolated(String content) {
    return open(AUTO).text(content).raw("</bdi>");
  }

  /** Appends a path, always shown from left to right. */
  Html path(String content) {
    return open(PATH).text(content).raw("</bdi>");
  }

  /** Opens a section with a heading. */
  Html section(String id, String heading) {
    return open("section id=\"" + id + "\"").element("h2", heading);
  }

  /** Appends a table that a click on a heading sorts. */
  Html table(List<String> headings, List<List<Cell>> rows) {
    open("div class=\"scroll\"").open("table class=\"sortable\"").open("thead").open("tr");
    headings.forEach(heading -> element("th scope=\"col\"", heading));
    close("tr").close("thead").open("tbody");
    for (List<Cell> row : rows) {
      open("tr");
      for (Cell cell : row) {
        if (Double.isNaN(cell.order())) {
          open("td").open(cell.direction()).text(cell.text()).raw("</bdi>").close("td");
        } else {
          element("td class=\"n\" data-v=\"" + cell.order() + "\"", cell.text());
        }
      }
      close("tr");
    }
    return close("tbody").close("table").close("div");
  }

  /** Appends a list of names and values. */
  Html list(List<List<String>> pairs) {
    open("dl");
    for (List<String> pair : pairs) {
      element("dt", pair.get(0)).open("dd").isolated(pair.get(1)).close("dd");
    }
    return close("dl");
  }

  /** Appends a chart with its name above and a sentence below. */
  Html chart(String name, String svg, String sentence) {
    open("figure class=\"chart\"").element("h3", name).raw(svg);
    if (!sentence.isEmpty()) {
      element("figcaption", sentence);
    }
    return close("figure");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
