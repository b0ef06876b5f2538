package vivit.dataprep.inspect.page;

import java.util.List;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/** Well-formed HTML, piece by piece; every text of others goes through {@link Visible#markup}. */
final class Html {
  private static final String AUTO = "bdi";
  private static final String PATH = "bdi dir=\"ltr\"";

  private final StringBuilder text = new StringBuilder();

  /** A cell of a table: what it shows, and what it is sorted by if that is a number. */
  record Cell(String text, double order, String direction) {
    Cell(String text, double order) {
      this(text, order, AUTO);
    }

    static Cell of(String text) {
      return new Cell(text, Double.NaN);
    }

    /** A path reads from left to right, whatever its first letter is. */
    static Cell path(String text) {
      return new Cell(text, Double.NaN, PATH);
    }

    static Cell of(long count) {
      return new Cell(Figures.count(count), count);
    }
  }

  /** Markup as it is. */
  Html raw(String markup) {
    text.append(markup);
    return this;
  }

  /** A text. */
  Html text(String content) {
    text.append(Visible.markup(content));
    return this;
  }

  /** {@code <tag>}, with attributes if there are any in the word. */
  Html open(String tag) {
    text.append('<').append(tag).append('>');
    return this;
  }

  /** {@code </tag>}. */
  Html close(String tag) {
    text.append("</").append(tag).append(">\n");
    return this;
  }

  /** A text in an element; {@code tag} may have attributes. */
  Html element(String tag, String content) {
    return open(tag).text(content).close(tag.split(" ", 2)[0]);
  }

  /** A text whose direction stays its own. */
  Html isolated(String content) {
    return open(AUTO).text(content).raw("</bdi>");
  }

  /** A path: from left to right, whatever its first letter is. */
  Html path(String content) {
    return open(PATH).text(content).raw("</bdi>");
  }

  /** A section with its heading. */
  Html section(String id, String heading) {
    return open("section id=\"" + id + "\"").element("h2", heading);
  }

  /** A table that can be sorted by a click on a heading. */
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

  /** Names and values. */
  Html list(List<List<String>> pairs) {
    open("dl");
    for (List<String> pair : pairs) {
      element("dt", pair.get(0)).open("dd").isolated(pair.get(1)).close("dd");
    }
    return close("dl");
  }

  /** A chart with its name above and a sentence below. */
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
