package vivit.dataprep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.Quarantined;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.source.LabelHeads;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.storage.FolderLock;

/**
 * Videos to a shard set: one Spark task per shard, then the manifest.
 *
 * <p>The same videos, configuration and seed give the same bytes on any number of executors.
 */
public final class PrepareJob {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareJob.class);

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
    this.fs = output.getFileSystem(hadoop);
  }

  /**
   * Prepares a shard set.
   *
   * @throws PrepareException if the output folder cannot be used, or too many videos are bad
   * @throws SourceException if the list of videos is wrong
   * @throws vivit.dataprep.storage.FolderInUseException if another preparation works in the folder
   */
  public static PrepareReport run(JavaSparkContext sc, PrepareConfig config) throws IOException {
    return new PrepareJob(sc, config).run();
  }

  private PrepareReport run() throws IOException {
    Sources source = Sources.read(config.source(), hadoop);
    List<LabelledVideo> videos = source.videos();
    LabelHeads labels = source.heads();
    try (FolderLock lock = FolderLock.acquire(fs, output, "prepare")) {
      OutputFolder folder = new OutputFolder(fs, output);
      folder.start();
      List<ShardPlan> plans = ShardPlan.deal(videos, config.videosPerShard(), config.seed());
      LOG.info(
          "Preparing {} videos of {} classes into {} shards in {}",
          videos.size(),
          labels.classes(),
          plans.size(),
          output);
      List<ShardResult> results = cut(plans, labels, videos.size());
      lock.ensureHeld();
      PrepareReport report = finish(results, labels, videos.size());
      folder.finish();
      return report;
    }
  }

  private List<ShardResult> cut(List<ShardPlan> plans, LabelHeads labels, int videos)
      throws IOException {
    LongAccumulator done = sc.sc().longAccumulator("videos prepared");
    LongAccumulator bad = sc.sc().longAccumulator("videos left out");
    List<byte[]> parcels = new ArrayList<>();
    for (ShardPlan plan : plans) {
      parcels.add(Parcel.pack(plan));
    }
    List<ShardResult> results = new ArrayList<>();
    try (PrepareProgress progress = PrepareProgress.onConsole(videos, done::sum, bad::sum)) {
      progress.start();
      PrepareTask task = new PrepareTask(config, labels, hadoop, done, bad);
      for (byte[] result : sc.parallelize(parcels, parcels.size()).map(task).collect()) {
        results.add(Parcel.unpack(result, ShardResult.class));
      }
    }
    return results;
  }

  private PrepareReport finish(List<ShardResult> results, LabelHeads labels, int total)
      throws IOException {
    List<Quarantined> quarantined =
        results.stream()
            .flatMap(result -> result.quarantined().stream())
            .sorted(Comparator.comparing(Quarantined::video))
            .toList();
    refuseTooManyBad(quarantined, total);
    long[] perLabel = new long[labels.classes()];
    for (ShardResult result : results) {
      Arrays.setAll(perLabel, i -> perLabel[i] + result.clipsPerLabel()[i]);
    }
    List<ShardFile> files = results.stream().map(ShardResult::file).toList();
    ShardFolder folder =
        new ShardFolder(fs, output, PrepareTask.header(config, labels), config.compression());
    Manifest manifest =
        folder.finish(
            files,
            Arrays.stream(perLabel).boxed().toList(),
            results.stream().mapToLong(ShardResult::videos).sum(),
            quarantined);
    return new PrepareReport(output, manifest);
  }

  private void refuseTooManyBad(List<Quarantined> quarantined, int total) throws IOException {
    int bad = quarantined.size();
    if (bad < total && bad <= config.maxBadShare() * total) {
      return;
    }
    ManifestFile.writeQuarantine(fs, output, quarantined);
    String causes =
        Stream.concat(
                quarantined.stream().limit(5).map(one -> one.video() + ": " + one.cause()),
                Stream.of("..."))
            .limit(Math.min(bad, 5) + (bad > 5 ? 1 : 0))
            .reduce("", (all, one) -> all + "\n  " + one);
    throw new PrepareException(
        ("%d of %d videos cannot be used, a share of %.3f; at most %.3f is allowed"
                + " (prepare.max-bad-share). All causes are in %s:%s")
            .formatted(
                bad,
                total,
                (double) bad / total,
                config.maxBadShare(),
                new Path(output, ManifestFile.QUARANTINE_FILE_NAME),
                causes));
  }
}
