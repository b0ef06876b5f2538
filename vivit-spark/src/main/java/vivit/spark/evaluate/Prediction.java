package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vivit.dataprep.shard.StoredClip;
import vivit.spark.checkpoint.LoadedModel;

/**
 * What a checkpoint says of one video.
 *
 * @param checkpoint the checkpoint's folder
 * @param labels class names by id
 * @param score the averaged logits; without a true label
 */
public record Prediction(String checkpoint, List<String> labels, VideoScore score) {
  private static final int NO_LABEL = -1;

  /** Scores the clips of a video, all crops, and averages their logits. */
  public static Prediction of(LoadedModel model, String video, List<StoredClip> clips, int crops) {
    List<ViewLogits> views = new ArrayList<>();
    float[] parameters = model.parameters();
    try (ClipScorer scorer =
        new ClipScorer(model.config(), List.of(parameters), parameters.length)) {
      for (StoredClip clip : clips) { // one at a time, so that a long video needs no more memory
        float[][] logits = scorer.logits(List.of(clip), crops);
        for (int crop = 0; crop < crops; crop++) {
          views.add(new ViewLogits(video, NO_LABEL, clip.view(), crop, logits[crop]));
        }
      }
    }
    return new Prediction(model.folder().toString(), model.labels(), VideoScore.average(views));
  }

  /** The {@code top} best classes with their probabilities, one a line, best first. */
  public String table(int top) {
    double[] probabilities = score.probabilities();
    StringBuilder text = new StringBuilder();
    for (int id : TopK.of(top, score.logits())) {
      text.append(
          String.format(
              Locale.ROOT,
              "%6.2f %%  %9.4f  %s%n",
              100 * probabilities[id],
              score.logits()[id],
              labels.get(id)));
    }
    return text.toString();
  }

  /** Everything as JSON: the {@code top} best classes, and all logits at full precision. */
  public byte[] json(int top) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("video", score.video());
    root.put("checkpoint", checkpoint);
    root.put("views", score.views());
    double[] probabilities = score.probabilities();
    ArrayNode best = root.putArray("top");
    for (int id : TopK.of(top, score.logits())) {
      ObjectNode entry = best.addObject();
      entry.put("id", id);
      entry.put("name", labels.get(id));
      entry.put("probability", probabilities[id]);
      entry.put("logit", score.logits()[id]);
    }
    ArrayNode names = root.putArray("labels");
    labels.forEach(names::add);
    ArrayNode logits = root.putArray("logits");
    for (double logit : score.logits()) {
      logits.add(logit);
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }
}
