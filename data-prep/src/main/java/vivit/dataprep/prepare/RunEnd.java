package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.label.LabelCounts;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.prepare.Inventory.Item;
import vivit.dataprep.prepare.ShardResult.CutVideo;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.shard.VideoList.ListedVideo;

/**
 * Publishes finished shards as a set. Every step can be interrupted and repeated with the same
 * bytes, because its input is kept until the last step.
 */
final class RunEnd {
  private static final Logger LOG = LoggerFactory.getLogger(RunEnd.class);

  private final PrepareConfig config;
  private final FileSystem fs;
  private final Path output;
  private final Inventory inventory;
  private final UnfinishedRun run;
  private final BadBudget budget;

  RunEnd(
      PrepareConfig config,
      FileSystem fs,
      Inventory inventory,
      UnfinishedRun run,
      BadBudget budget) {
    this.config = config;
    this.fs = fs;
    this.output = new Path(config.output());
    this.inventory = inventory;
    this.run = run;
    this.budget = budget;
  }

  /**
   * The bad videos of all results so far and of the set that they are added to, and the missing
   * videos.
   */
  Quarantine quarantine(Collection<ShardResult> results) {
    LabelHeads heads = run.settings().heads();
    Quarantine before =
        run.base().map(set -> without(set.manifest(), ids(), inventory)).orElse(Quarantine.NONE);
    List<Quarantined> bad = new ArrayList<>(before.videos());
    List<Remark> salvaged = new ArrayList<>(before.salvaged());
    List<Remark> remarked = new ArrayList<>(before.remarked());
    List<Quarantined> fresh = new ArrayList<>(budget.missing(items()));
    for (ShardResult result : results) {
      fresh.addAll(result.quarantined());
      salvaged.addAll(result.salvaged());
      remarked.addAll(result.remarked());
    }
    bad.addAll(fresh);
    LabelCounts videos = new LabelCounts(heads, before.videosPerLabel());
    LabelCounts left = new LabelCounts(heads, before.badPerLabel());
    items().forEach(item -> videos.add(item.video().labels(), 1));
    fresh.forEach(one -> left.add(inventory.items().get(one.video()).video().labels(), 1));
    return new Quarantine(bad, salvaged, remarked, videos.toList(), left.toList());
  }

  /** Number of videos of the whole set, good and bad. */
  long total() {
    return run.videos().size()
        + run.base()
            .map(
                set ->
                    set.manifest().videos()
                        + without(set.manifest(), ids(), inventory).videos().size())
            .orElse(0L);
  }

  /**
   * Publishes the shards with a manifest.
   *
   * @throws PrepareException if too many videos are bad
   */
  Manifest finish(PreparingFolder preparing, Collection<ShardResult> results) throws IOException {
    LabelHeads heads = run.settings().heads();
    Quarantine quarantine = quarantine(results);
    budget.check(quarantine, heads, total());
    Optional<FinishedSet> base = run.base();
    List<ShardFile> files =
        new ArrayList<>(base.map(set -> set.manifest().shards()).orElse(List.of()));
    List<ListedVideo> videos = new ArrayList<>(base.map(FinishedSet::videos).orElse(List.of()));
    LabelCounts clips =
        new LabelCounts(heads, base.map(set -> set.manifest().clipsPerLabel()).orElse(List.of()));
    Map<String, ListedVideo> listed = new HashMap<>();
    run.videos().forEach(video -> listed.put(video.video(), video));
    for (ShardResult result : results) {
      files.add(result.file());
      for (CutVideo cut : result.videos()) {
        ListedVideo video = listed.get(cut.video());
        videos.add(
            new ListedVideo(
                video.video(),
                video.label(),
                video.span(),
                video.bytes(),
                result.file().name(),
                cut.clips(),
                cut.madeUp()));
        clips.add(inventory.items().get(video.video()).video().labels(), cut.clips());
      }
    }
    if (videos.size() + quarantine.videos().size() != total()) {
      throw new PrepareException(
          "%d good and %d bad videos, expected %d together; delete %s to start again"
              .formatted(
                  videos.size(),
                  quarantine.videos().size(),
                  total(),
                  new Path(output, PreparingFolder.NAME)));
    }
    preparing.showShards(files);
    Manifest manifest =
        new ShardFolder(fs, output, config.header(heads), config.compression())
            .publish(files, clips.toList(), videos.size(), quarantine, Optional.of(videos));
    writeTimings(results);
    preparing.discard();
    return manifest;
  }

  /** The quarantine of a set without the videos that this run retries. */
  static Quarantine without(Manifest manifest, Set<String> ids, Inventory inventory) {
    Quarantine all = manifest.quarantine();
    LabelCounts videos = new LabelCounts(manifest.heads(), all.videosPerLabel());
    LabelCounts bad = new LabelCounts(manifest.heads(), all.badPerLabel());
    List<Quarantined> left = new ArrayList<>();
    for (Quarantined one : all.videos()) {
      if (ids.contains(one.video())) {
        videos.add(inventory.items().get(one.video()).video().labels(), -1);
        bad.add(inventory.items().get(one.video()).video().labels(), -1);
      } else {
        left.add(one);
      }
    }
    return new Quarantine(left, all.salvaged(), all.remarked(), videos.toList(), bad.toList());
  }

  /** The items of the run, with the lengths of their files when it started. */
  List<Item> items() {
    return run.videos().stream()
        .map(video -> inventory.items().get(video.video()).withBytes(video.bytes()))
        .toList();
  }

  private Set<String> ids() {
    Set<String> ids = new HashSet<>();
    run.videos().forEach(video -> ids.add(video.video()));
    return ids;
  }

  /**
   * Writes the timings outside the set, since they differ from run to run; a failure is only
   * logged.
   */
  private void writeTimings(Collection<ShardResult> results) {
    try {
      Map<String, DecodeTiming> timings = new TreeMap<>();
      if (run.base().isPresent()) {
        DecodeTimingsFile.read(fs, output)
            .ifPresent(old -> old.forEach(timing -> timings.put(timing.video(), timing)));
      }
      for (ShardResult result : results) {
        result.timings().forEach(timing -> timings.put(timing.video(), timing));
      }
      DecodeTimingsFile.write(fs, output, List.copyOf(timings.values()));
    } catch (IOException e) {
      LOG.warn("Cannot write {}: {}", DecodeTimingsFile.path(output), e.getMessage());
    }
  }
}
