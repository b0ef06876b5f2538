package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.config.EffectiveConfig;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;

/**
 * The result of one evaluation.
 *
 * @param report the figures and their origin
 * @param scores every video's averaged logits, by video id
 */
public record Evaluation(EvaluationReport report, List<VideoScore> scores) {
  /** File of the figures. */
  public static final String METRICS = "metrics.json";

  /** File of the predictions, one row per video. */
  public static final String PREDICTIONS = "predictions.parquet";

  /**
   * The figures of an evaluation and their origin.
   *
   * @param checkpoint the checkpoint's folder
   * @param step optimisation steps of the checkpoint
   * @param shards the shard set's folder
   * @param shardsHash hash of the shard set, from its manifest
   * @param labelsHash hash of the label map, the same in shard set and checkpoint
   * @param clips stored clips of the shard set
   * @param crops crops of every stored clip
   * @param metrics the figures
   */
  public record EvaluationReport(
      String checkpoint,
      long step,
      String shards,
      String shardsHash,
      String labelsHash,
      long clips,
      int crops,
      EvaluationMetrics metrics) {

    /** The same with what the configuration hides left out of the two places. */
    EvaluationReport hiding(EffectiveConfig config) {
      return new EvaluationReport(
          config.hide(checkpoint, "evaluate.run"),
          step,
          config.hide(shards, "evaluate.shards"),
          shardsHash,
          labelsHash,
          clips,
          crops,
          metrics);
    }

    /**
     * {@code metrics.json}: {@link EvaluationMetrics#figures}, {@code videos}, {@code views},
     * {@code views_per_video}, their origin, and the figures per class, such as {@code per_class}
     * and {@code confusion}; with several heads these names also begin with the head's name.
     */
    public byte[] json() throws IOException {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode root = mapper.createObjectNode();
      metrics.figures().forEach(root::put);
      root.put("videos", metrics.videos());
      root.put("views", metrics.views());
      if (metrics.views() % metrics.videos() == 0) {
        root.put("views_per_video", metrics.views() / metrics.videos());
      } else {
        root.put("views_per_video", (double) metrics.views() / metrics.videos());
      }
      root.put("clips", clips);
      root.put("crops", crops);
      root.put("checkpoint", checkpoint);
      root.put("step", step);
      root.put("shards", shards);
      root.put("shards_hash", shardsHash);
      root.put("labels_hash", labelsHash);
      for (int head = 0; head < metrics.heads().size(); head++) {
        metrics
            .heads()
            .get(head)
            .putClasses(root, EvaluationMetrics.prefix(metrics.labels(), head));
      }
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }
  }

  /** The same with a report of which the configuration hides values of the environment. */
  public Evaluation hiding(EffectiveConfig config) {
    return new Evaluation(report.hiding(config), scores);
  }

  /**
   * Where the model is wrong, for people: the worst classes, what is taken for what, and the videos
   * of the largest loss; empty if it is right everywhere.
   */
  public String mistakes() {
    return Mistakes.of(report.metrics(), scores);
  }

  /** Writes both files into {@code folder}; each appears only when complete. */
  public void write(Path folder, Configuration conf) throws IOException {
    FileSystem files = AtomicFile.raw(OpenFileSystem.of(folder, conf));
    files.mkdirs(folder);
    Path predictions = new Path(folder, PREDICTIONS);
    Path temporary = AtomicFile.temporaryName(predictions);
    try {
      PredictionsFile.write(temporary, conf, report.metrics().labels(), scores);
      AtomicFile.rename(files, temporary, predictions);
    } finally {
      files.delete(temporary, false);
      files.delete(new Path(folder, "." + temporary.getName() + ".crc"), false);
    }
    byte[] json = report.json();
    AtomicFile.write(files, new Path(folder, METRICS), out -> out.write(json));
  }
}
