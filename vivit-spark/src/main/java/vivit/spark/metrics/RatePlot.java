package vivit.spark.metrics;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import vivit.dataprep.text.Figures;
import vivit.spark.schedule.RateCurve;
import vivit.spark.schedule.RateCurve.RatePoint;

/**
 * Draws a rate sweep as an SVG that needs nothing else: the loss over the logarithm of the rate.
 */
public final class RatePlot {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BOTTOM = 60;
  private static final int TICKS = 5;

  /** The highest loss in the picture, as a multiple of the first; what diverges leaves it. */
  private static final double HIGHEST = 1.5;

  private final List<RatePoint> points;
  private final OptionalDouble suggestion;
  private final double first;
  private final double last;
  private final double bottom;
  private final double top;

  private RatePlot(RateCurve curve) {
    this.points = curve.points();
    this.suggestion = curve.suggestion();
    this.first = Math.log10(points.get(0).rate());
    this.last = Math.max(first + 1e-9, Math.log10(points.get(points.size() - 1).rate()));
    double most = HIGHEST * points.get(0).smoothed();
    double highest = points.stream().mapToDouble(RatePoint::loss).max().orElseThrow();
    this.bottom = points.stream().mapToDouble(RatePoint::loss).min().orElseThrow();
    this.top = Math.max(bottom + 1e-9, Math.min(most, highest));
  }

  /** Draws a curve of at least one step. */
  public static String svg(RateCurve curve) {
    return new RatePlot(curve).svg();
  }

  private String svg() {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT);
    add(svg, "<title>Training loss over the learning rate</title>");
    add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    axes(svg);
    add(
        svg,
        "<clipPath id=\"area\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>",
        LEFT,
        TOP,
        WIDTH - LEFT - RIGHT,
        HEIGHT - TOP - BOTTOM);
    line(svg, "#b9cbe0", 1, RatePoint::loss);
    line(svg, "#1d5a9e", 2.5, RatePoint::smoothed);
    suggestion.ifPresent(rate -> mark(svg, rate));
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    for (int i = 0; i <= TICKS; i++) {
      double loss = bottom + i * (top - bottom) / TICKS;
      add(
          svg,
          "<line x1=\"%d\" y1=\"%s\" x2=\"%d\" y2=\"%s\" stroke=\"#dddddd\"/>",
          LEFT,
          y(loss),
          WIDTH - RIGHT,
          y(loss));
      add(
          svg,
          "<text x=\"%d\" y=\"%s\" text-anchor=\"end\" dominant-baseline=\"middle\">%.3g</text>",
          LEFT - 8,
          y(loss),
          loss);
    }
    for (int power = (int) Math.ceil(first - 1e-9); power <= last + 1e-9; power++) {
      String x = x(Math.pow(10, power));
      add(
          svg,
          "<line x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\" stroke=\"#dddddd\"/>",
          x,
          TOP,
          x,
          HEIGHT - BOTTOM);
      add(
          svg,
          "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">1e%d</text>",
          x,
          HEIGHT - BOTTOM + 20,
          power);
    }
    add(
        svg,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">learning rate</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 14);
    add(svg, "<text x=\"%d\" y=\"22\">loss of each step, and smoothed</text>", LEFT);
  }

  private void line(
      StringBuilder svg, String colour, double width, ToDoubleFunction<RatePoint> loss) {
    add(
        svg,
        "<polyline clip-path=\"url(#area)\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\""
            + " points=\"%s\"/>",
        colour,
        width,
        points.stream()
            .map(point -> x(point.rate()) + "," + y(loss.applyAsDouble(point)))
            .collect(Collectors.joining(" ")));
  }

  private void mark(StringBuilder svg, double rate) {
    add(
        svg,
        "<line x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\" stroke=\"#c0392b\" stroke-width=\"1.5\""
            + " stroke-dasharray=\"5 4\"/>",
        x(rate),
        TOP,
        x(rate),
        HEIGHT - BOTTOM);
    add(
        svg,
        "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\" fill=\"#c0392b\">steepest fall: %.2g</text>",
        x(rate),
        TOP - 6,
        rate);
  }

  private String x(double rate) {
    double share = (Math.log10(rate) - first) / (last - first);
    return Figures.decimals(LEFT + share * (WIDTH - LEFT - RIGHT), 2);
  }

  /** A little beyond the picture at most, where it is cut off. */
  private String y(double loss) {
    double share = Math.min(2, (loss - bottom) / (top - bottom));
    return Figures.decimals(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 2);
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
