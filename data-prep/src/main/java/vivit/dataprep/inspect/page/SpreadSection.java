package vivit.dataprep.inspect.page;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import vivit.dataprep.inspect.page.Charts.ChartAxis;
import vivit.dataprep.inspect.page.Charts.Curve;
import vivit.dataprep.inspect.page.Charts.Dot;
import vivit.dataprep.inspect.page.Html.Cell;
import vivit.dataprep.inspect.statistics.Distribution;
import vivit.dataprep.inspect.statistics.PixelStatistics;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.inspect.statistics.SetStatistics.Amount;
import vivit.dataprep.inspect.statistics.SetStatistics.DecodeStatistics;
import vivit.dataprep.text.Figures;

/** The sections on distributions: durations and sizes, pixel values, decode times. */
final class SpreadSection {
  private static final List<String> CHANNELS = List.of("red", "green", "blue");
  private static final int MOST_SIZES = 12;

  private SpreadSection() {}

  static void sizes(Html html, SetStatistics statistics) {
    html.section("sizes", "Durations and sizes").open("div class=\"charts\"");
    for (Distribution one : statistics.distributions()) {
      boolean single = one.bins().size() == 1;
      html.chart(one.name(), single ? "" : Charts.SMALL.bars(one), sentence(one));
    }
    html.close("div").open("div class=\"columns\"");
    amounts(html, "Source size, width x height", statistics.sourceSizes());
    amounts(html, "Stored size, width x height", statistics.storedSizes());
    html.close("div");
    html.element("p", compression(statistics));
    if (statistics.looping() > 0) {
      html.element("p class=\"warn\"", looping(statistics));
    }
    html.close("section");
  }

  static String compression(SetStatistics statistics) {
    return "Tubelets of %s take %s: compressed %s times."
        .formatted(
            Figures.bytes(statistics.plainBytes()),
            Figures.bytes(statistics.storedBytes()),
            Figures.decimals(statistics.compressionRatio(), 2));
  }

  static String looping(SetStatistics statistics) {
    return "%s of %s repeat a video that is shorter than a clip."
        .formatted(Figures.count(statistics.looping()), Figures.of(statistics.readable(), "clip"));
  }

  static String sentence(Distribution one) {
    if (one.min() == one.max()) {
      return "All " + Figures.count(one.count()) + ": " + Figures.value(one.min(), one.unit());
    }
    return "%s values: median %s, 10–90 %% %s to %s, least %s, most %s"
        .formatted(
            Figures.count(one.count()),
            Figures.value(one.percentiles().get(50), one.unit()),
            Figures.value(one.percentiles().get(10), one.unit()),
            Figures.value(one.percentiles().get(90), one.unit()),
            Figures.value(one.min(), one.unit()),
            Figures.value(one.max(), one.unit()));
  }

  private static void amounts(Html html, String name, List<Amount> amounts) {
    html.open("div").element("h3", name);
    html.table(
        List.of("size", "clips"),
        amounts.stream()
            .limit(MOST_SIZES)
            .map(amount -> List.of(Cell.of(amount.value()), Cell.of(amount.clips())))
            .toList());
    if (amounts.size() > MOST_SIZES) {
      html.element("p", "and %d more sizes".formatted(amounts.size() - MOST_SIZES));
    }
    html.close("div");
  }

  static void pixels(Html html, PixelStatistics pixels) {
    if (pixels.clips() == 0) {
      return;
    }
    html.section("pixels", "Pixels");
    List<Curve> lines = new ArrayList<>();
    double most = 0;
    for (int c = 0; c < CHANNELS.size(); c++) {
      long[] counts = pixels.counts()[c];
      List<Dot> dots = new ArrayList<>();
      for (int v = 0; v < counts.length; v++) {
        double share = (double) counts[v] / pixels.pixels();
        most = v == 0 || v == counts.length - 1 ? most : Math.max(most, share);
        dots.add(new Dot(v, share));
      }
      lines.add(new Curve(CHANNELS.get(c), CHANNELS.get(c), dots));
    }
    double top = most == 0 ? 1 : most * 1.1;
    html.chart(
        "Values per channel, of %s drawn at random".formatted(Figures.of(pixels.clips(), "clip")),
        Charts.PAGE_WIDTH.lines(
            "Pixel values",
            capped(lines, top),
            new ChartAxis(0, 255, ""),
            new ChartAxis(0, top, Figures::share)),
        "The values 0 and 255 may go beyond the chart.");
    html.table(
        List.of("channel", "mean, 0–255", "deviation", "mean, 0–1", "deviation"),
        IntStream.range(0, CHANNELS.size())
            .mapToObj(
                c ->
                    List.of(
                        Cell.of(CHANNELS.get(c)),
                        decimal(pixels.mean(c), 2),
                        decimal(pixels.deviation(c), 2),
                        decimal(pixels.mean(c) / 255, 4),
                        decimal(pixels.deviation(c) / 255, 4)))
            .toList());
    html.close("section");
  }

  private static List<Curve> capped(List<Curve> lines, double top) {
    return lines.stream()
        .map(
            line ->
                new Curve(
                    line.style(),
                    line.name(),
                    line.dots().stream().map(d -> new Dot(d.x(), Math.min(d.y(), top))).toList()))
        .toList();
  }

  static void decoding(Html html, DecodeStatistics decoding) {
    Distribution seconds = decoding.seconds();
    if (seconds.count() == 0) {
      return;
    }
    List<Dot> dots = new ArrayList<>();
    dots.add(new Dot(0, seconds.min()));
    seconds.percentiles().forEach((percent, value) -> dots.add(new Dot(percent, value)));
    dots.add(new Dot(100, seconds.max()));
    html.section("decoding", "Decode times");
    html.chart(
        "Seconds per video, by percentile",
        Charts.PAGE_WIDTH.lines(
            "Decode time percentiles",
            List.of(new Curve("a", "", dots)),
            new ChartAxis(0, 100, v -> Figures.number(v) + " %"),
            new ChartAxis(0, Math.max(seconds.max(), 1e-9), "s")),
        sentence(decoding));
    List<String> headings = new ArrayList<>(List.of("least"));
    seconds.percentiles().keySet().forEach(percent -> headings.add(percent + " %"));
    headings.addAll(List.of("most", "mean"));
    List<Cell> cells = new ArrayList<>(List.of(decimal(seconds.min(), 3)));
    seconds.percentiles().values().forEach(value -> cells.add(decimal(value, 3)));
    cells.addAll(List.of(decimal(seconds.max(), 3), decimal(seconds.mean(), 3)));
    html.table(headings, List.of(cells));
    html.element("h3", "Slowest videos");
    html.table(
        List.of("video", "seconds", "frames decoded", "read"),
        decoding.slowest().stream()
            .map(
                one ->
                    List.of(
                        Cell.path(one.video()),
                        decimal(one.seconds(), 2),
                        Cell.of(one.frames()),
                        new Cell(Figures.bytes(one.bytes()), one.bytes())))
            .toList());
    html.close("section");
  }

  static String sentence(DecodeStatistics decoding) {
    return "%s frames and %s in %s s of decoding: %s frames/s per task."
        .formatted(
            Figures.count(decoding.frames()),
            Figures.bytes(decoding.bytes()),
            Figures.number(decoding.totalSeconds()),
            Figures.number(decoding.frames() / decoding.totalSeconds()));
  }

  private static Cell decimal(double value, int decimals) {
    return new Cell(Figures.decimals(value, decimals), value);
  }
}
