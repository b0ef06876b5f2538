package vivit.dataprep.inspect.page;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import vivit.dataprep.inspect.statistics.Distribution;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/** Draws charts as inline SVG; the page's style sheet gives the colours. */
final class Charts {
  /** A chart as wide as the page. */
  static final Charts PAGE_WIDTH = new Charts(1080, 220, 8);

  /** A small chart, several of which fit in a row. */
  static final Charts SMALL = new Charts(350, 150, 3);

  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 26;
  private static final int Y_TICKS = 4;

  private final int width;
  private final int height;
  private final int ticks;

  private Charts(int width, int height, int ticks) {
    this.width = width;
    this.height = height;
    this.ticks = ticks;
  }

  /** A bar; {@code title} is its tooltip. */
  record Bar(double value, String title) {}

  /** A line of a chart; {@code style} is its class in the style sheet. */
  record Curve(String style, String name, List<Dot> dots) {}

  /** A point of a line. */
  record Dot(double x, double y) {}

  /**
   * An axis.
   *
   * @param from value at its start
   * @param to value at its end
   * @param unit in which tick values are round
   * @param text formats a value
   */
  record ChartAxis(double from, double to, double unit, DoubleFunction<String> text) {
    ChartAxis(double from, double to, DoubleFunction<String> text) {
      this(from, to, 1, text);
    }

    ChartAxis(double from, double to, String unit) {
      this(
          from,
          to,
          unit.equals("B") ? Math.pow(1024, Math.floor(Math.log(to) / Math.log(1024))) : 1,
          value -> Figures.value(value, unit));
    }

    /** About {@code count} round values on the axis. */
    List<Double> ticks(int count) {
      if (!(to > from)) {
        return List.of(from);
      }
      double rough = (to - from) / unit / count;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double step =
          rough / power > 5
              ? 10 * power
              : rough / power > 2 ? 5 * power : rough / power > 1 ? 2 * power : power;
      return LongStream.rangeClosed(
              (long) Math.ceil(from / unit / step - 1e-9),
              (long) Math.floor(to / unit / step + 1e-9))
          .mapToObj(i -> unit * (Math.rint(i * step * 1e9) / 1e9))
          .toList();
    }
  }

  /** Draws counts as bars of equal width along the {@code x} axis. */
  String bars(String name, List<Bar> bars, ChartAxis x) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(0);
    ChartAxis y = new ChartAxis(0, Math.max(most, 1), Charts::whole);
    StringBuilder svg = begin(name, x, y);
    double step = (double) (width - LEFT - RIGHT) / bars.size();
    double space = step > 4 ? 1 : 0;
    for (int i = 0; i < bars.size(); i++) {
      double top = y(y, bars.get(i).value());
      double tall = height - BOTTOM - top;
      if (bars.get(i).value() > 0) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"bar\" x=\"%s\" y=\"%s\" width=\"%s\""
                    + " height=\"%s\"><title>%s</title></rect>",
                dot(LEFT + i * step + space / 2),
                dot(Math.min(top, height - BOTTOM - 1)),
                dot(step - space),
                dot(Math.max(1, tall)),
                Visible.markup(bars.get(i).title())));
      }
    }
    return svg.append("</svg>").toString();
  }

  /** Draws the bins of a distribution as bars. */
  String bars(Distribution one) {
    List<Bar> bars =
        one.bins().stream()
            .map(
                bin ->
                    new Bar(
                        bin.count(),
                        Figures.value(bin.from(), one.unit())
                            + " to "
                            + Figures.value(bin.to(), one.unit())
                            + ": "
                            + Figures.count(bin.count())))
            .toList();
    return bars(one.name(), bars, new ChartAxis(one.min(), one.max(), one.unit()));
  }

  /** Draws lines with a legend. */
  String lines(String name, List<Curve> lines, ChartAxis x, ChartAxis y) {
    StringBuilder svg = begin(name, x, y);
    int legend = LEFT + 8;
    for (Curve line : lines) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<polyline class=\"line %s\" points=\"%s\"/>",
              line.style(),
              line.dots().stream()
                  .map(d -> dot(x(x, d.x())) + "," + dot(y(y, d.y())))
                  .collect(Collectors.joining(" "))));
      if (!line.name().isEmpty()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<line class=\"line %s\" x1=\"%d\" y1=\"8\" x2=\"%d\" y2=\"8\"/><text x=\"%d\""
                    + " y=\"11\">%s</text>",
                line.style(),
                legend,
                legend + 16,
                legend + 21,
                Visible.markup(line.name())));
        legend += 40 + 6 * line.name().length();
      }
    }
    return svg.append("</svg>").toString();
  }

  private StringBuilder begin(String name, ChartAxis x, ChartAxis y) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\""
                + " aria-label=\"%s\" viewBox=\"0 0 %d %d\">",
            Visible.markup(name),
            width,
            height));
    for (double tick : y.ticks(Y_TICKS)) {
      String at = dot(y(y, tick));
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" y1=\"%s\" x2=\"%d\" y2=\"%s\"/>",
              LEFT,
              at,
              width - RIGHT,
              at));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"y\" x=\"%d\" y=\"%s\">%s</text>",
              LEFT - 6,
              dot(y(y, tick) + 3.5),
              Visible.markup(y.text().apply(tick))));
    }
    for (double tick : x.ticks(ticks)) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"x\" x=\"%s\" y=\"%d\">%s</text>",
              dot(x(x, tick)),
              height - BOTTOM + 16,
              Visible.markup(x.text().apply(tick))));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>",
            LEFT,
            height - BOTTOM,
            width - RIGHT,
            height - BOTTOM));
    return svg;
  }

  private double x(ChartAxis axis, double value) {
    double span = axis.to() - axis.from();
    return LEFT + (span > 0 ? (value - axis.from()) / span : 0.5) * (width - LEFT - RIGHT);
  }

  private double y(ChartAxis axis, double value) {
    double span = axis.to() - axis.from();
    return height
        - BOTTOM
        - (span > 0 ? (value - axis.from()) / span : 0) * (height - TOP - BOTTOM);
  }

  /** Formats a whole number; an empty text for fractions. */
  static String whole(double value) {
    return value == Math.rint(value) ? Figures.number(value) : "";
  }

  private static String dot(double value) {
    return Figures.decimals(value, 2);
  }
}
