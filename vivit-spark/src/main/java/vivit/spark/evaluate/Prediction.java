package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.text.Visible;
import vivit.model.checkpoint.TooLargeException;
import vivit.model.shape.ClipShape;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.evaluate.VideoScore.ViewLogits;

/**
 * A checkpoint's prediction for one video.
 *
 * @param checkpoint the checkpoint's folder
 * @param heads the model's heads with their classes
 * @param score the averaged logits, without true labels
 */
public record Prediction(String checkpoint, LabelHeads heads, VideoScore score) {
  private static final int SLICE_LENGTH = 1 << 24;

  /** Scores the clips of a video, all crops, and averages their logits. */
  public static Prediction of(Checkpoint model, String video, List<StoredClip> clips, int crops)
      throws IOException {
    List<ViewLogits> views = new ArrayList<>();
    ClipShape clipShape = model.config().clip();
    TooLargeException.requireRoom(
        model.folder().toString(),
        "one clip of " + clipShape,
        3L * clipShape.frames() * clipShape.height() * clipShape.width());
    SlicedVector parameters = model.evaluated(SLICE_LENGTH);
    try (ClipScorer scorer = new ClipScorer(model.config(), parameters::copyTo)) {
      for (StoredClip clip : clips) { // one at a time, so that memory does not grow with the video
        float[][][] logits = scorer.logits(List.of(clip), crops);
        for (int crop = 0; crop < crops; crop++) {
          views.add(new ViewLogits(video, ClipLabels.NONE.ids(), clip.view(), crop, logits[crop]));
        }
      }
    }
    return new Prediction(
        model.folder().toString(), model.state().heads(), VideoScore.average(views));
  }

  /**
   * Formats the {@code top} best classes with their probabilities, one per line, best first.
   * Several heads have a table each, under its name; two heads with one class each also have a
   * table of the best pairs.
   */
  public String table(int top) {
    if (heads.count() == 1) {
      return table(0, top);
    }
    StringBuilder text = new StringBuilder();
    for (int head = 0; head < heads.count(); head++) {
      text.append(String.format("%s%n", heads.get(head).name())).append(table(head, top));
    }
    List<ActionMetrics.Action> actions = actions(top);
    if (!actions.isEmpty()) {
      text.append(String.format("action%n"));
    }
    for (ActionMetrics.Action pair : actions) {
      text.append(
          String.format(
              Locale.ROOT,
              "%6.2f %%             %s, %s%n",
              100 * pair.probability(),
              Visible.text(name(0, pair.first())),
              Visible.text(name(1, pair.second()))));
    }
    return text.toString();
  }

  private String table(int head, int top) {
    double[] probabilities = probabilities(head);
    double[] logits = score.heads().get(head).logits();
    StringBuilder text = new StringBuilder();
    for (int id : TopK.of(top, logits)) {
      text.append(
          String.format(
              Locale.ROOT,
              "%6.2f %%  %9.4f  %s%n",
              100 * probabilities[id],
              logits[id],
              Visible.text(name(head, id))));
    }
    return text.toString();
  }

  private String name(int head, int id) {
    return heads.get(head).map().name(id);
  }

  private double[] probabilities(int head) {
    HeadScore scores = score.heads().get(head);
    return heads.get(head).labelling() == Labelling.MULTI_LABEL
        ? scores.sigmoid()
        : scores.softmax();
  }

  private List<ActionMetrics.Action> actions(int top) {
    return EvaluationMetrics.haveActions(heads)
        ? ActionMetrics.top(top, probabilities(0), probabilities(1))
        : List.of();
  }

  /**
   * Formats the prediction as JSON: the {@code top} best classes, and all logits at full precision;
   * with several heads a list {@code heads} of these, and the best pairs as {@code action}.
   */
  public byte[] json(int top) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("video", score.video());
    root.put("checkpoint", checkpoint);
    root.put("views", score.views());
    if (heads.count() == 1) {
      put(root, 0, top);
    } else {
      ArrayNode list = root.putArray("heads");
      for (int head = 0; head < heads.count(); head++) {
        put(list.addObject().put("name", heads.get(head).name()), head, top);
      }
      putActions(root, top);
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  private void put(ObjectNode node, int head, int top) {
    double[] probabilities = probabilities(head);
    double[] logits = score.heads().get(head).logits();
    ArrayNode best = node.putArray("top");
    for (int id : TopK.of(top, logits)) {
      ObjectNode entry = best.addObject();
      entry.put("id", id);
      entry.put("name", name(head, id));
      entry.put("probability", probabilities[id]);
      entry.put("logit", logits[id]);
    }
    ArrayNode names = node.putArray("labels");
    heads.get(head).map().names().forEach(names::add);
    ArrayNode all = node.putArray("logits");
    for (double logit : logits) {
      all.add(logit);
    }
  }

  private void putActions(ObjectNode root, int top) {
    List<ActionMetrics.Action> actions = actions(top);
    if (actions.isEmpty()) {
      return;
    }
    LabelHead first = heads.get(0);
    LabelHead second = heads.get(1);
    ArrayNode list = root.putArray("action");
    for (ActionMetrics.Action pair : actions) {
      list.addObject()
          .put(first.name() + "_id", pair.first())
          .put(first.name() + "_name", first.map().name(pair.first()))
          .put(second.name() + "_id", pair.second())
          .put(second.name() + "_name", second.map().name(pair.second()))
          .put("probability", pair.probability());
    }
  }
}
