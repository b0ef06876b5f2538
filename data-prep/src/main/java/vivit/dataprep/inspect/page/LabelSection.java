package vivit.dataprep.inspect.page;

import java.util.List;
import java.util.function.ToDoubleFunction;
import vivit.dataprep.inspect.page.Charts.Bar;
import vivit.dataprep.inspect.page.Charts.ChartAxis;
import vivit.dataprep.inspect.page.Charts.Curve;
import vivit.dataprep.inspect.page.Charts.Dot;
import vivit.dataprep.inspect.page.Html.Cell;
import vivit.dataprep.inspect.statistics.ClassMix;
import vivit.dataprep.inspect.statistics.ClassMix.Prefix;
import vivit.dataprep.inspect.statistics.LabelStatistics;
import vivit.dataprep.inspect.statistics.LabelStatistics.ClassCount;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.text.Figures;

/** The section on classes: the number of clips of each, and how well the set is mixed. */
final class LabelSection {
  private static final int ENDS = 10;
  private static final int MOST_ROWS = 2000;

  private LabelSection() {}

  static void write(Html html, SetStatistics statistics) {
    html.section("classes", "Classes");
    for (LabelStatistics head : statistics.labels()) {
      head(html, head);
    }
    mix(html, statistics.mix());
    html.close("section");
  }

  private static void head(Html html, LabelStatistics head) {
    List<ClassCount> ranked = head.ranked();
    List<Bar> bars =
        ranked.stream()
            .map(c -> new Bar(c.clips(), c.name() + ": " + Figures.of(c.clips(), "clip")))
            .toList();
    html.chart(
        "Head %s, %s: clips per class, largest first".formatted(head.head(), head.labelling()),
        Charts.PAGE_WIDTH.bars(
            "Clips per class", bars, new ChartAxis(0.5, bars.size() + 0.5, Charts::whole)),
        sentence(head));
    List<ClassCount> filled = ranked.stream().filter(c -> c.clips() > 0).toList();
    html.open("div class=\"columns\"");
    ends(html, "Largest classes", filled.stream().limit(ENDS).toList());
    if (filled.size() > ENDS) {
      int from = Math.max(ENDS, filled.size() - ENDS);
      ends(html, "Smallest classes", filled.subList(from, filled.size()));
    }
    html.close("div");
    if (!head.empty().isEmpty()) {
      html.open("p class=\"warn\"").text("Without clips: ");
      head.empty().stream().limit(50).forEach(c -> html.isolated(c.name()).raw("; "));
      html.text(head.empty().size() > 50 ? "…" : "").close("p");
    }
    html.open("details").element("summary", "All classes of " + head.head());
    html.table(
        List.of("id", "class", "clips", "videos", "left out", "share left out"),
        head.classes().stream()
            .limit(MOST_ROWS)
            .map(
                c ->
                    List.of(
                        Cell.of(c.id()),
                        Cell.of(c.name()),
                        Cell.of(c.clips()),
                        Cell.of(c.videos()),
                        Cell.of(c.quarantined()),
                        new Cell(Figures.share(c.quarantinedShare()), c.quarantinedShare())))
            .toList());
    if (head.classes().size() > MOST_ROWS) {
      html.element("p", "The first %d of %d.".formatted(MOST_ROWS, head.classes().size()));
    }
    html.close("details");
  }

  static String sentence(LabelStatistics head) {
    return "%s classes, %s without clips; largest over smallest %s; as varied as %s equal classes."
        .formatted(
            Figures.count(head.classes().size()),
            Figures.count(head.empty().size()),
            Figures.number(head.imbalance()),
            Figures.decimals(head.effectiveClasses(), 1));
  }

  private static void ends(Html html, String name, List<ClassCount> classes) {
    long most = classes.stream().mapToLong(ClassCount::clips).max().orElse(1);
    html.open("div").element("h3", name).open("ul class=\"bars\"");
    for (ClassCount c : classes) {
      String width = Figures.decimals(100.0 * c.clips() / Math.max(1, most), 1);
      html.open("li").open("span class=\"name\"").isolated(c.name()).raw("</span>");
      html.raw(
          "<span class=\"track\"><span class=\"fill\" style=\"width:"
              + width
              + "%\"></span></span>");
      html.raw("<span class=\"n\">" + Figures.count(c.clips()) + "</span>").close("li");
    }
    html.close("ul").close("div");
  }

  private static void mix(Html html, ClassMix mix) {
    if (mix.prefixes().isEmpty()) {
      return;
    }
    html.chart(
        "How far the first part of the set is from the mix of the whole, by its share",
        Charts.PAGE_WIDTH.lines(
            "Distance from the whole set's mix",
            List.of(
                new Curve("a", "this set", dots(mix, Prefix::distance)),
                new Curve("b", "videos in random order", dots(mix, Prefix::randomDistance))),
            new ChartAxis(0, 1, v -> Figures.number(100 * v) + " %"),
            new ChartAxis(0, 1, v -> Figures.decimals(v, 1))),
        sentence(mix));
  }

  private static List<Dot> dots(ClassMix mix, ToDoubleFunction<Prefix> distance) {
    return mix.prefixes().stream()
        .map(prefix -> new Dot(prefix.share(), distance.applyAsDouble(prefix)))
        .toList();
  }

  /** Summarises the mix of the first tenth. */
  static String sentence(ClassMix mix) {
    Prefix tenth = mix.at(0.1);
    return ("The first 10 %% (%s) have %d of %d classes; %s of their labels would have to change to"
            + " be mixed as the whole. In random order: %s classes, %s.")
        .formatted(
            Figures.of(tenth.clips(), "clip"),
            tenth.classes(),
            mix.present(),
            Figures.share(tenth.distance()),
            Figures.decimals(tenth.randomClasses(), 1),
            Figures.share(tenth.randomDistance()));
  }
}
