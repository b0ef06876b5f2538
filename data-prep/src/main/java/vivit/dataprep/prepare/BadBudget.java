package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.label.LabelCounts;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.prepare.Inventory.Item;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceVideos.MissingVideo;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FileListing;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Lists;
import vivit.dataprep.text.Visible;

/** The largest share of videos that may be bad, over the whole set and per class. */
final class BadBudget {
  private static final int SHOWN = 5;

  private final PrepareConfig config;
  private final FileSystem fs;
  private final Path report;
  private final ReportedPaths paths;

  /**
   * Creates the budget; a refused run writes its list of bad videos into the folder {@code report}.
   */
  BadBudget(PrepareConfig config, FileSystem fs, Path report, ReportedPaths paths) {
    this.config = config;
    this.fs = AtomicFile.raw(fs);
    this.report = report;
    this.paths = paths;
  }

  /** The number of videos that may be bad. */
  long allowed(long total) {
    return Math.min((long) (config.maxBadShare() * total + 1e-9), total - 1);
  }

  /** Videos whose files are missing or known to be bad, as reports list them. */
  List<Quarantined> missing(List<Item> items) {
    return items.stream().flatMap(item -> item.missing().stream()).map(this::reported).toList();
  }

  private Quarantined reported(MissingVideo missing) {
    LabelledVideo video = missing.video();
    return new Quarantined(
        video.id(),
        video.label(),
        missing.kind(),
        missing.cause(),
        paths.of(video.path()),
        video.record() == LabelledVideo.WHOLE_FILE ? "" : "byte " + video.record(),
        FileListing.MISSING);
  }

  /**
   * Refuses a list before any video is decoded if its missing files alone exceed the share.
   *
   * @param items to be prepared
   * @param others quarantine of the set that receives them
   * @param good number of videos with clips in that set
   */
  void checkMissing(List<Item> items, LabelHeads heads, Quarantine others, long good)
      throws IOException {
    LabelCounts videos = new LabelCounts(heads, others.videosPerLabel());
    LabelCounts bad = new LabelCounts(heads, others.badPerLabel());
    for (Item item : items) {
      videos.add(item.video().labels(), 1);
      bad.add(item.video().labels(), item.isMissing() ? 1 : 0);
    }
    List<Quarantined> all = new ArrayList<>(others.videos());
    all.addAll(missing(items));
    Quarantine quarantine =
        new Quarantine(all, others.salvaged(), others.remarked(), videos.toList(), bad.toList());
    check(quarantine, heads, good + others.videos().size() + items.size());
  }

  /**
   * Refuses a set with too many bad videos.
   *
   * @param total videos, good and bad
   * @throws PrepareException with the figures, the classes, and where the list is
   */
  void check(Quarantine quarantine, LabelHeads heads, long total) throws IOException {
    int bad = quarantine.videos().size();
    List<String> problems = new ArrayList<>();
    if (bad == total && config.maxBadShare() == 1) {
      problems.add("no video can be used, all of %d are bad".formatted(total));
    } else if (bad > allowed(total)) {
      problems.add(
          "%d of %s cannot be used, a share of %.3f; at most %.3f is allowed (prepare.max-bad-share)"
              .formatted(
                  bad, Figures.of(total, "video"), (double) bad / total, config.maxBadShare()));
    }
    List<String> classes = classes(quarantine, heads);
    if (!classes.isEmpty()) {
      problems.add(
          "%s with a larger share of videos that cannot be used than %.3f: %s (prepare.max-bad-share-per-class, where 1 lets a class lose all)"
              .formatted(
                  Figures.of(classes.size(), "class"),
                  config.maxBadSharePerClass(),
                  String.join(", ", first(classes))));
    }
    if (problems.isEmpty()) {
      return;
    }
    fs.mkdirs(report);
    ManifestFile.writeQuarantine(fs, report, quarantine, heads, total - bad);
    List<String> causes =
        first(quarantine.videos().stream().map(one -> one.video() + ": " + one.cause()).toList());
    long missing =
        quarantine.videos().stream().filter(one -> one.kind() == BadKind.MISSING).count();
    throw new PrepareException(
        "%s%s. All causes are in %s:%s"
            .formatted(
                String.join("; ", problems),
                missing > 0 ? "; missing: %s".formatted(Figures.of(missing, "file")) : "",
                new Path(report, ManifestFile.QUARANTINE_FILE_NAME),
                Lists.lines(causes)));
  }

  private List<String> classes(Quarantine quarantine, LabelHeads heads) {
    List<String> over = new ArrayList<>();
    for (int i = 0; i < heads.count() && quarantine.countsClasses(); i++) {
      LabelHead head = heads.get(i);
      for (int id = 0; id < head.classes(); id++) {
        long videos = quarantine.videosPerLabel().get(heads.offset(i) + id);
        long bad = quarantine.badPerLabel().get(heads.offset(i) + id);
        if (bad > config.maxBadSharePerClass() * videos + 1e-9) {
          over.add("\"%s\" %d of %d".formatted(Visible.text(head.map().name(id)), bad, videos));
        }
      }
    }
    return over;
  }

  private static List<String> first(List<String> all) {
    List<String> some = new ArrayList<>(all.subList(0, Math.min(SHOWN, all.size())));
    if (all.size() > SHOWN) {
      some.add("...");
    }
    return some;
  }
}
