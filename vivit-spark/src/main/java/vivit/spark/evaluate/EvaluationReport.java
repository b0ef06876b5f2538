package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * One evaluation: what was evaluated and what came out.
 *
 * @param checkpoint the checkpoint's folder
 * @param step optimisation steps the checkpoint has seen
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

  /**
   * {@code metrics.json}: {@link EvaluationMetrics#figures}, {@code videos}, {@code views}, {@code
   * views_per_video}, where they come from, and what is told per class, such as {@code per_class}
   * and {@code confusion}; with several heads these too begin with the head's name.
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
      metrics.heads().get(head).putClasses(root, EvaluationMetrics.prefix(metrics.labels(), head));
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }
}
