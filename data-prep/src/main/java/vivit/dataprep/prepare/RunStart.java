package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.prepare.Inventory.Item;
import vivit.dataprep.prepare.UnfinishedRun.Adding;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.VideoList.ListedVideo;
import vivit.dataprep.source.Chapters;
import vivit.dataprep.source.Chapters.ChapterRule;
import vivit.dataprep.storage.FileListing;
import vivit.dataprep.text.Lists;
import vivit.dataprep.text.Visible;

/** Starts a run: a new set, an interrupted one, or an addition to a finished one. */
final class RunStart {
  private static final Logger LOG = LoggerFactory.getLogger(RunStart.class);

  private final PrepareConfig config;
  private final Configuration hadoop;
  private final FileSystem fs;
  private final Path output;
  private final PreparingFolder preparing;
  private final Inventory inventory;

  RunStart(
      PrepareConfig config,
      Configuration hadoop,
      FileSystem fs,
      PreparingFolder preparing,
      Inventory inventory) {
    this.config = config;
    this.hadoop = hadoop;
    this.fs = fs;
    this.output = new Path(config.output());
    this.preparing = preparing;
    this.inventory = inventory;
  }

  /** Starts a new set of all videos. */
  UnfinishedRun begin(BadBudget budget) throws IOException {
    List<Item> items = List.copyOf(inventory.items().values());
    budget.checkMissing(items, inventory.heads(), Quarantine.NONE, 0);
    return begin(items, inventory.heads(), Adding.NOTHING);
  }

  /**
   * Resumes the interrupted run, if settings, labels and videos are the same.
   *
   * @throws PrepareException naming what differs
   */
  UnfinishedRun resume() throws IOException {
    UnfinishedRun run = preparing.read();
    List<String> differences = new ArrayList<>();
    if (!run.settings().producer().equals(PrepareConfig.PRODUCER)) {
      differences.add(
          "it was started by %s, this is %s"
              .formatted(run.settings().producer(), PrepareConfig.PRODUCER));
    }
    differences.addAll(changedSettings(run.settings().config(), config.content()));
    differences.addAll(labelDifferences(run.settings().heads(), run.adding()));
    differences.addAll(listDifferences(run));
    if (!differences.isEmpty()) {
      throw new PrepareException(
          ("%s holds an unfinished preparation, which this run cannot resume:%s%n"
                  + "Finish it with its original settings and videos and add videos afterwards,"
                  + " or choose another prepare.output%s")
              .formatted(
                  output,
                  Lists.lines(differences),
                  run.base().isPresent()
                      ? "; the finished set in that folder is unchanged"
                      : ", or delete that folder to start again"));
    }
    return run;
  }

  /**
   * Starts an addition to the finished set; empty if there is nothing to add.
   *
   * @throws PrepareException naming what differs
   */
  Optional<UnfinishedRun> add(BadBudget budget) throws IOException {
    FinishedSet set = FinishedSet.read(fs, output);
    if (!set.listsVideos()) {
      throw new PrepareException(
          "%s holds a finished shard set of an older release, which keeps no list of videos; %s"
              .formatted(
                  output, "choose another prepare.output, or delete that folder to start again"));
    }
    List<String> differences = new ArrayList<>();
    differences.addAll(changedSettings(set.manifest().config(), config.content()));
    differences.addAll(labelDifferences(set.manifest().heads(), Adding.TO_A_SET));
    differences.addAll(relabelled(set));
    differences.addAll(otherChapters(set));
    if (!differences.isEmpty()) {
      throw new PrepareException(
          "%s holds a finished shard set that was made differently:%s%n%s"
              .formatted(
                  output,
                  Lists.lines(differences),
                  "Give the same settings and labels, or choose another prepare.output"));
    }
    List<Item> items = unknownOrChanged(set);
    if (items.isEmpty()) {
      return Optional.empty();
    }
    TreeSet<String> ids = new TreeSet<>(items.stream().map(item -> item.video().id()).toList());
    Quarantine left = RunEnd.without(set.manifest(), ids, inventory);
    budget.checkMissing(items, set.manifest().heads(), left, set.manifest().videos());
    return Optional.of(begin(items, set.manifest().heads(), Adding.TO_A_SET));
  }

  private UnfinishedRun begin(List<Item> items, LabelHeads heads, Adding adding)
      throws IOException {
    return preparing.begin(config.header(heads), items.stream().map(Item::listed).toList(), adding);
  }

  private static List<String> changedSettings(
      SortedMap<String, String> before, SortedMap<String, String> now) {
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String old = before.getOrDefault(key, "not set");
      String wanted = now.getOrDefault(key, "not set");
      if (!old.equals(wanted)) {
        differences.add(
            "%s was %s, now it is %s"
                .formatted(key.equals("seed") ? key : "prepare." + key, old, wanted));
      }
    }
    return differences;
  }

  /**
   * Compares the classes with those of the earlier run: given names, and the names of a new set,
   * must be the same; others must be known.
   */
  private List<String> labelDifferences(LabelHeads before, Adding adding) {
    return adding == Adding.NOTHING || config.labelSource().isPresent()
        ? LabelDifferences.since(before, inventory.heads())
        : LabelDifferences.unknown(before, inventory.heads());
  }

  private List<String> listDifferences(UnfinishedRun run) {
    Map<String, ListedVideo> begun = new HashMap<>();
    run.videos().forEach(video -> begun.put(video.video(), video));
    Map<String, String> known = run.base().map(RunStart::labels).orElse(Map.of());
    List<String> gone = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (ListedVideo video : run.videos()) {
      Item item = inventory.items().get(video.video());
      if (item == null) {
        gone.add(video.video());
      } else if (!item.video().label().equals(video.label())
          || !item.video().span().equals(video.span())) {
        changed.add(video.video());
      } else if (hasOtherChapters(item, video)) {
        other.add(video.video());
      }
    }
    List<String> fresh =
        inventory.items().keySet().stream()
            .filter(id -> !begun.containsKey(id) && !known.containsKey(id))
            .toList();
    List<String> differences = new ArrayList<>();
    if (!fresh.isEmpty()) {
      differences.add("of the videos " + Lists.some(fresh, "are new"));
    }
    if (!gone.isEmpty()) {
      differences.add("of the videos " + Lists.some(gone, "are gone"));
    }
    if (!changed.isEmpty()) {
      differences.add("of the videos " + Lists.some(changed, "have other labels or times"));
    }
    if (!other.isEmpty()) {
      differences.add("of the videos " + otherChapters(other));
    }
    return differences;
  }

  /** Whether the files of a camera's recording are other ones than when the run began. */
  private boolean hasOtherChapters(Item item, ListedVideo before) {
    return config.chapters() == ChapterRule.JOIN
        && Chapters.recording(before.video()).isPresent()
        && !item.isMissing()
        && before.bytes() > 0
        && item.bytes() != before.bytes();
  }

  private static String otherChapters(List<String> videos) {
    return Lists.some(videos, "are recordings of a camera with other chapters now")
        + "; a set cannot change a video: move the chapters that came away, or those that went"
        + " back, or prepare another set";
  }

  /** Compares recordings of which chapters are joined, in the set or now. */
  private List<String> otherChapters(FinishedSet set) {
    Set<String> joined = new TreeSet<>();
    for (Remark remark : set.manifest().quarantine().remarked()) {
      if (remark.what().startsWith(PrepareTask.RECORDING)) {
        Chapters.recording(remark.video()).ifPresent(joined::add);
      }
    }
    Map<String, Map<String, Long>> now = new HashMap<>();
    for (Item item : inventory.items().values()) {
      Optional<String> recording = Chapters.recording(item.video().id());
      recording.ifPresent(
          of ->
              now.computeIfAbsent(of, none -> new HashMap<>())
                  .put(item.video().id(), item.bytes()));
      if (!item.video().chapters().isEmpty()) {
        recording.ifPresent(joined::add);
      }
    }
    Map<String, Map<String, Long>> before = new HashMap<>();
    for (ListedVideo video : set.videos()) {
      Chapters.recording(video.video())
          .filter(joined::contains)
          .ifPresent(
              of ->
                  before
                      .computeIfAbsent(of, none -> new HashMap<>())
                      .put(video.video(), video.bytes()));
    }
    List<String> other =
        before.keySet().stream()
            .filter(of -> !before.get(of).equals(now.get(of)))
            .map(of -> Collections.min(before.get(of).keySet()))
            .sorted()
            .toList();
    return other.isEmpty() ? List.of() : List.of("of the videos in it " + otherChapters(other));
  }

  private List<String> relabelled(FinishedSet set) {
    List<String> changed = new ArrayList<>();
    labels(set)
        .forEach(
            (id, label) -> {
              Item item = inventory.items().get(id);
              if (item != null && !item.video().label().equals(label)) {
                changed.add(id);
              }
            });
    Collections.sort(changed);
    return changed.isEmpty()
        ? List.of()
        : List.of("of the videos in it " + Lists.some(changed, "have other labels now"));
  }

  /** Labels of all videos that a set knows, good and bad. */
  private static Map<String, String> labels(FinishedSet set) {
    Map<String, String> labels = new HashMap<>();
    set.videos().forEach(video -> labels.put(video.video(), video.label()));
    set.manifest().quarantined().forEach(bad -> labels.put(bad.video(), bad.label()));
    return labels;
  }

  /** New videos, and bad videos whose files have changed in length or modification time. */
  private List<Item> unknownOrChanged(FinishedSet set) throws IOException {
    long since = fs.getFileStatus(new Path(output, Manifest.FILE_NAME)).getModificationTime();
    Map<String, String> known = labels(set);
    List<Item> items = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (Quarantined bad : set.manifest().quarantined()) {
      Item item = inventory.items().get(bad.video());
      if (item != null) {
        paths.addAll(item.video().files());
      }
    }
    FileListing listing = FileListing.of(hadoop, paths);
    for (Quarantined bad : set.manifest().quarantined()) {
      Item item = inventory.items().get(bad.video());
      if (item != null
          && (item.bytes() != bad.bytes()
              || item.video().files().stream().anyMatch(file -> listing.modified(file) > since))) {
        LOG.info("{}: its file has changed, it is retried", Visible.text(bad.video()));
        items.add(item);
      }
    }
    inventory.items().values().stream()
        .filter(item -> !known.containsKey(item.video().id()))
        .forEach(items::add);
    return items;
  }
}
