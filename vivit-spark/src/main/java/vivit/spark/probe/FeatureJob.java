package vivit.spark.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Figures;
import vivit.model.ModelDescription;
import vivit.model.network.Backbone;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.executor.SlicedBroadcast;
import vivit.spark.probe.FeatureManifest.FeaturePart;
import vivit.spark.probe.FeatureTask.FeatureRange;

/**
 * The features of one shard set in one folder: reuses them if they are there, or computes them.
 *
 * @param spark runs the job
 * @param model the encoder
 * @param shards the set
 * @param folder of the features
 * @param crops of every stored clip
 * @param columns the large columns that are needed
 * @param encoderBatch views that go through the network together
 * @param shown places to write into the manifest: of the model and of the set
 */
record FeatureJob(
    JavaSparkContext spark,
    FrozenModel model,
    ShardSet shards,
    Path folder,
    int crops,
    List<String> columns,
    int encoderBatch,
    List<String> shown) {
  private static final Logger LOG = LoggerFactory.getLogger(FeatureJob.class);
  private static final long PART_BYTES = 256L << 20;
  private static final int MOST_CLIPS = 1024;
  private static final int LEAST_CLIPS = 16;
  private static final int USUAL_PARTS = 32;

  /**
   * Whether the folder holds what is needed already.
   *
   * @throws Refusal if it holds features of another model, shard set or number of crops
   */
  boolean done() throws IOException {
    Optional<FeatureManifest> found = FeatureManifest.read(files(), folder);
    if (found.isEmpty()) {
      return false;
    }
    FeatureManifest there = found.get();
    refuseOther("model", there.model(), there.modelSha256(), shown.get(0), model.sha256());
    refuseOther(
        "shard set", there.shards(), there.shardsHash(), shown.get(1), shards.manifest().hash());
    if (there.crops() != crops) {
      throw new Refusal(
          "Cannot use the features in %s: found %d crops of every clip, expected %d; set probe.crops=%d, choose another probe.output, or delete that folder"
              .formatted(folder, there.crops(), crops, there.crops()));
    }
    return there.tokens() > 0 || !withTokens();
  }

  private void refuseOther(
      String what, String found, String foundHash, String wanted, String wantedHash) {
    if (!foundHash.equals(wantedHash)) {
      throw new Refusal(
          "Cannot use the features in %s: found those of the %s %s (%.12s), expected %s (%.12s); choose another probe.output, or delete that folder"
              .formatted(folder, what, found, foundHash, wanted, wantedHash));
    }
  }

  private boolean withTokens() {
    return columns.contains(FeatureFile.TOKENS);
  }

  private FileSystem files() throws IOException {
    return AtomicFile.raw(OpenFileSystem.of(folder, spark.hadoopConfiguration()));
  }

  /** Computes the features, unless they are there. */
  void run() throws IOException {
    if (done()) {
      LOG.info("Reusing the features in {}: same model, same shards", folder);
      return;
    }
    long rows = Math.multiplyExact(shards.clips(), (long) crops);
    LOG.info(
        "Writing features of {} clips, {} crops, to {}: {} of {} values a view, {} in all",
        shards.clips(),
        crops,
        folder,
        withTokens() ? "%d tokens and the representation".formatted(tokens()) : "representations",
        withTokens() ? model.config().width() : model.config().representation(),
        Figures.bytes(Math.multiplyExact(rows, viewBytes())));
    clear();
    write(compute());
  }

  private int tokens() {
    return Backbone.outputTokens(model.config());
  }

  /** Bytes of the large columns of a view. */
  private long viewBytes() {
    long values = model.config().representation();
    if (withTokens()) {
      values += (long) tokens() * model.config().width();
    }
    return values * Float.BYTES;
  }

  /** Deletes what an interrupted run, or one without tokens, left; the manifest first. */
  private void clear() throws IOException {
    FileSystem fs = files();
    fs.mkdirs(folder);
    fs.delete(new Path(folder, FeatureManifest.FILE_NAME), false);
    for (FileStatus file : fs.listStatus(folder)) {
      String name = file.getPath().getName();
      if (AtomicFile.finalName(name).orElse(name).matches("part-\\d{5,}\\.parquet")) {
        fs.delete(file.getPath(), false);
      }
    }
  }

  private List<FeatureRange> ranges() {
    int perBatch = clipsPerBatch();
    int clips = Math.toIntExact(shards.clips());
    long fitting = Math.max(1, PART_BYTES / (viewBytes() * crops));
    long enough = Math.max(LEAST_CLIPS, (clips + USUAL_PARTS - 1L) / USUAL_PARTS);
    long wanted = Math.min(MOST_CLIPS, Math.min(fitting, enough));
    int perPart = Math.toIntExact((wanted + perBatch - 1) / perBatch * perBatch);
    List<FeatureRange> ranges = new ArrayList<>();
    for (int first = 0; first < clips; first += perPart) {
      ranges.add(new FeatureRange(ranges.size(), first, Math.min(clips, first + perPart)));
    }
    return ranges;
  }

  private int clipsPerBatch() {
    return Math.max(1, encoderBatch / crops);
  }

  private List<FeaturePart> compute() throws IOException {
    String owner = UUID.randomUUID().toString();
    SlicedBroadcast backbone = SlicedBroadcast.of(spark, model.backbone());
    LongAccumulator encoded = spark.sc().longAccumulator("clips encoded");
    FeatureTask.Setup setup =
        new FeatureTask.Setup(
            owner,
            ModelDescription.of(model.config()),
            backbone,
            shards.folder().toString(),
            folder.toString(),
            shards.manifest().heads(),
            columns,
            viewBytes(),
            crops,
            clipsPerBatch());
    ConsoleProgress.Repeated progress =
        ConsoleProgress.of(LOG)
            .repeat(
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                () -> "encoded %d of %d clips".formatted(encoded.value(), shards.clips()));
    try {
      return Tasks.run(spark, ranges(), FeaturePart.class, new FeatureTask(setup, encoded));
    } finally {
      progress.close();
      backbone.destroy();
      ReplicaPool.end(owner);
    }
  }

  private void write(List<FeaturePart> parts) throws IOException {
    FeatureManifest manifest =
        new FeatureManifest(
            shown.get(0),
            model.sha256(),
            shown.get(1),
            shards.manifest().hash(),
            crops,
            model.config().representation(),
            withTokens() ? tokens() : 0,
            model.config().width(),
            parts);
    if (manifest.rows() != shards.clips() * crops) {
      throw new IllegalStateException(
          "wrote %d views of %s, expected %d clips x %d crops"
              .formatted(manifest.rows(), shards.folder(), shards.clips(), crops));
    }
    manifest.write(files(), folder);
  }
}
