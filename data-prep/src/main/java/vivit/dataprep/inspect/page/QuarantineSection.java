package vivit.dataprep.inspect.page;

import java.util.Comparator;
import java.util.List;
import vivit.dataprep.inspect.page.Html.Cell;
import vivit.dataprep.inspect.statistics.LabelStatistics;
import vivit.dataprep.inspect.statistics.LabelStatistics.ClassCount;
import vivit.dataprep.inspect.statistics.QuarantineStatistics;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.text.Figures;

/** The section on videos left out: their causes, and the classes that lost most. */
final class QuarantineSection {
  private static final int MOST_ROWS = 1000;
  private static final int MOST_CLASSES = 50;

  private QuarantineSection() {}

  static void write(Html html, QuarantineStatistics quarantine, List<LabelStatistics> labels) {
    html.section("quarantine", "Videos left out");
    if (quarantine.videos().isEmpty()) {
      html.element("p", "None.");
      remarks(html, quarantine.quarantine());
      html.close("section");
      return;
    }
    html.open("div class=\"columns\"").open("div").element("h3", "By cause");
    html.table(
        List.of("kind", "cause", "videos", "share"),
        quarantine.causes().stream()
            .limit(MOST_CLASSES)
            .map(
                cause -> {
                  double share = (double) cause.videos() / quarantine.videos().size();
                  return List.of(
                      Cell.of(cause.kind()),
                      Cell.of(cause.cause()),
                      Cell.of(cause.videos()),
                      new Cell(Figures.share(share), share));
                })
            .toList());
    html.close("div");
    labels.forEach(head -> byClass(html, head));
    html.close("div");
    html.open(quarantine.videos().size() > 20 ? "details" : "details open=\"open\"");
    html.element("summary", "All of them");
    html.table(
        List.of("video", "class", "kind", "cause", "where", "size"),
        quarantine.videos().stream().limit(MOST_ROWS).map(QuarantineSection::row).toList());
    if (quarantine.videos().size() > MOST_ROWS) {
      html.element(
          "p",
          "The first %d of %d; the rest is in _quarantine.json."
              .formatted(MOST_ROWS, quarantine.videos().size()));
    }
    html.close("details");
    remarks(html, quarantine.quarantine());
    html.close("section");
  }

  private static List<Cell> row(Quarantined one) {
    return List.of(
        Cell.path(one.video()),
        Cell.of(one.label()),
        Cell.of(one.kind().word()),
        Cell.of(one.cause()),
        Cell.of(one.position()),
        one.bytes() < 0 ? Cell.of("") : new Cell(Figures.bytes(one.bytes()), one.bytes()));
  }

  private static void remarks(Html html, Quarantine quarantine) {
    int salvaged = quarantine.salvaged().size();
    remarks(
        html,
        Figures.of(salvaged, "video") + " used in part",
        "what is missing",
        quarantine.salvaged());
    int remarked = quarantine.remarked().size();
    remarks(
        html, Figures.of(remarked, "remark") + " about videos", "remark", quarantine.remarked());
  }

  private static void remarks(Html html, String summary, String what, List<Remark> remarks) {
    if (remarks.isEmpty()) {
      return;
    }
    html.open("details");
    html.element("summary", summary);
    html.table(
        List.of("video", "class", what),
        remarks.stream()
            .limit(MOST_ROWS)
            .map(one -> List.of(Cell.path(one.video()), Cell.of(one.label()), Cell.of(one.what())))
            .toList());
    html.close("details");
  }

  private static void byClass(Html html, LabelStatistics head) {
    List<ClassCount> affected = affected(head);
    if (affected.isEmpty()) {
      return;
    }
    html.open("div").element("h3", "By class of " + head.head() + ", largest share first");
    html.table(
        List.of("class", "left out", "share of the class"),
        affected.stream()
            .limit(MOST_CLASSES)
            .map(
                c ->
                    List.of(
                        Cell.of(c.name()),
                        Cell.of(c.quarantined()),
                        new Cell(Figures.share(c.quarantinedShare()), c.quarantinedShare())))
            .toList());
    if (affected.size() > MOST_CLASSES) {
      html.element("p", "and %d more classes".formatted(affected.size() - MOST_CLASSES));
    }
    html.close("div");
  }

  /** Classes that lost videos, the largest share first. */
  static List<ClassCount> affected(LabelStatistics head) {
    return head.classes().stream()
        .filter(c -> c.quarantined() > 0)
        .sorted(
            Comparator.comparingDouble(ClassCount::quarantinedShare)
                .reversed()
                .thenComparing(ClassCount::id))
        .toList();
  }
}
