package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
   * {@code metrics.json}: {@code top1}, {@code top5} (only with more than five classes), {@code
   * loss}, {@code videos}, {@code views}, {@code views_per_video}, {@code per_class} and {@code
   * confusion} (rows truth, columns prediction), and where they come from.
   */
  public byte[] json() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("top1", metrics.top1());
    if (metrics.hasTop5()) {
      root.put("top5", metrics.top5());
    }
    root.put("loss", metrics.loss());
    root.put("mean_class_accuracy", metrics.meanClassAccuracy());
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
    ArrayNode perClass = root.putArray("per_class");
    ArrayNode confusion = root.putArray("confusion");
    for (int k = 0; k < metrics.labels().size(); k++) {
      ObjectNode row = perClass.addObject();
      row.put("id", k);
      row.put("name", metrics.labels().get(k));
      row.put("videos", metrics.videosOf(k));
      if (metrics.videosOf(k) > 0) {
        row.put("accuracy", metrics.accuracyOf(k));
      }
      ArrayNode counts = confusion.addArray();
      for (long count : metrics.confusion()[k]) {
        counts.add(count);
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }
}
