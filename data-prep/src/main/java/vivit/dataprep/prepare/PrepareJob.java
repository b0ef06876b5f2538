package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.prepare.PrepareProgress.Workload;
import vivit.dataprep.prepare.PrepareTask.TaskSettings;
import vivit.dataprep.prepare.ShardPlanner.PlanSettings;
import vivit.dataprep.prepare.ShardPlanner.SizedVideo;
import vivit.dataprep.prepare.UnfinishedRun.Adding;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FolderLock;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Figures;

/**
 * Prepares a shard set from videos: one Spark task per shard, then the manifest.
 *
 * <p>The same videos, configuration and seed give the same bytes on any number of executors and
 * after any number of interruptions. Run on a finished set, the job adds new videos.
 */
public final class PrepareJob {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareJob.class);

  /** Smallest number of shards, even if the size of the set requires fewer. */
  private static final int LEAST_SHARDS = 32;

  private final JavaSparkContext sc;
  private final PrepareConfig config;
  private final Configuration hadoop;
  private final Path output;
  private final FileSystem fs;

  private PrepareJob(JavaSparkContext sc, PrepareConfig config) throws IOException {
    this.sc = sc;
    this.config = config;
    this.hadoop = sc.hadoopConfiguration();
    this.output = new Path(config.output());
    this.fs = AtomicFile.raw(OpenFileSystem.of(output, hadoop));
  }

  /**
   * Prepares a shard set, resumes an interrupted preparation, or adds new videos to a finished set.
   *
   * @throws PrepareException if the output folder cannot be used, or too many videos are bad
   * @throws SourceException if the list of videos is wrong
   * @throws vivit.dataprep.storage.FolderInUseException if another preparation works in the folder
   */
  public static PrepareReport run(JavaSparkContext sc, PrepareConfig config) throws IOException {
    return new PrepareJob(sc, config).run();
  }

  private PrepareReport run() throws IOException {
    Sources sources = Sources.read(sc, config);
    ReportedPaths paths = new ReportedPaths(config, hadoop);
    try (FolderLock lock = FolderLock.acquire(fs, output, "prepare")) {
      OutputFolder folder = new OutputFolder(fs, output);
      OutputFolder.State state = folder.clean();
      Inventory inventory = Inventory.of(sources, hadoop);
      PreparingFolder preparing = folder.preparing();
      RunStart start = new RunStart(config, hadoop, fs, preparing, inventory);
      Optional<UnfinishedRun> run =
          switch (state) {
            case EMPTY -> Optional.of(start.begin(budget(Adding.NOTHING, paths)));
            case UNFINISHED -> Optional.of(start.resume());
            case FINISHED -> start.add(budget(Adding.TO_A_SET, paths));
          };
      if (run.isEmpty()) {
        return new PrepareReport(output, ManifestFile.read(fs, output), 0, 0, true, "");
      }
      BadBudget budget = budget(run.get().adding(), paths);
      RunEnd end = new RunEnd(config, fs, inventory, run.get(), budget);
      return prepare(lock, preparing, run.get(), end, paths, budget);
    }
  }

  private PrepareReport prepare(
      FolderLock lock,
      PreparingFolder preparing,
      UnfinishedRun run,
      RunEnd end,
      ReportedPaths paths,
      BadBudget budget)
      throws IOException {
    List<ShardPlan> plans = plan(run, end);
    SortedMap<Integer, ShardResult> results = preparing.results(run);
    List<ShardPlan> left =
        plans.stream().filter(plan -> !results.containsKey(plan.shard())).toList();
    int kept = plans.size() - left.size();
    LOG.info(
        "Preparing {} of {} into {} in {}{}",
        Figures.of(run.videos().size(), "video"),
        Figures.of(run.settings().heads().classes(), "class"),
        Figures.of(plans.size(), "shard"),
        output,
        kept > 0 ? "; %d of them finished before".formatted(kept) : "");
    long videos = plans.stream().mapToLong(plan -> plan.videos().size()).sum();
    long leftVideos = left.stream().mapToLong(plan -> plan.videos().size()).sum();
    Workload load =
        new Workload(videos, videos - leftVideos, left.stream().mapToLong(ShardPlan::cost).sum());
    TaskSettings settings =
        new TaskSettings(config, run.settings().heads(), paths, run.id(), run.adding());
    long allowed = budget.allowed(end.total()) - end.quarantine(results.values()).videos().size();
    long began = System.nanoTime();
    ShardRun job = new ShardRun(sc);
    boolean all = job.run(left, settings, load, allowed);
    String speed = left.isEmpty() ? "" : job.speed((System.nanoTime() - began) / 1e9);
    lock.ensureHeld();
    SortedMap<Integer, ShardResult> made = preparing.results(run);
    if (!all) {
      budget.check(end.quarantine(made.values()), run.settings().heads(), end.total());
    }
    for (ShardPlan plan : plans) {
      if (!made.containsKey(plan.shard())) {
        throw new IOException(
            "The result of shard %d is not in %s; prepare again"
                .formatted(plan.shard(), new Path(output, PreparingFolder.NAME)));
      }
    }
    Manifest manifest = end.finish(preparing, made.values());
    return new PrepareReport(
        output, manifest, run.videos().size(), kept, run.adding() == Adding.TO_A_SET, speed);
  }

  private List<ShardPlan> plan(UnfinishedRun run, RunEnd end) {
    return ShardPlanner.plan(
        end.items().stream()
            .filter(item -> !item.isMissing())
            .map(item -> sized(item.video(), item.bytes()))
            .toList(),
        new PlanSettings(
            config.videosPerShard(),
            config.clipsPerShard() > 0 ? 1 : LEAST_SHARDS,
            config.clipsOfAVideo(),
            config.clipBytes(),
            config.seed()),
        run.firstShard());
  }

  /** The video with the length of its file when the run started. */
  private static SizedVideo sized(LabelledVideo video, long bytes) {
    return new SizedVideo(video.in(video.path(), bytes), bytes);
  }

  private BadBudget budget(Adding adding, ReportedPaths paths) {
    return new BadBudget(
        config,
        fs,
        adding == Adding.TO_A_SET ? new Path(output, PreparingFolder.NAME) : output,
        paths);
  }
}
