package vivit.spark.probe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vivit.dataprep.label.LabelHeads;
import vivit.model.engine.Engine;
import vivit.spark.evaluate.EvaluationMetrics;
import vivit.spark.evaluate.VideoScore;
import vivit.spark.evaluate.VideoScore.ViewLogits;
import vivit.spark.probe.FeatureFile.Features;

/**
 * The videos' averaged logits under every probe. A probe with a logit that is not finite has
 * diverged and has none.
 */
final class ProbeScores {
  private final LabelHeads heads;
  private final List<List<VideoScore>> scores = new ArrayList<>();
  private final List<List<ViewLogits>> pending = new ArrayList<>();
  private final boolean[] diverged;

  ProbeScores(LabelHeads heads, int probes) {
    this.heads = heads;
    this.diverged = new boolean[probes];
    for (int i = 0; i < probes; i++) {
      scores.add(new ArrayList<>());
      pending.add(new ArrayList<>());
    }
  }

  /** Scores these rows, all views of their videos, in the order of the videos' ids. */
  void score(Engine engine, List<Probes> probes, FeatureBatches batches, List<Integer> rows)
      throws IOException {
    List<Integer> ordered = ProbeTraining.byVideo(batches.rows(), rows);
    for (int first = 0; first < ordered.size(); first += batches.capacity()) {
      List<Integer> batch =
          ordered.subList(first, Math.min(ordered.size(), first + batches.capacity()));
      int probe = 0;
      for (Probes kind : probes) {
        double[][][] logits =
            kind.logits(batches.features(engine, kind.points().get(0).kind(), batch));
        for (double[][] ofProbe : logits) {
          for (int i = 0; i < batch.size(); i++) {
            add(probe, batches.rows().get(batch.get(i)), ofProbe, i);
          }
          probe++;
        }
      }
    }
    for (int probe = 0; probe < diverged.length; probe++) {
      finish(probe);
    }
  }

  private void add(int probe, Features view, double[][] batch, int row) {
    float[][] logits = new float[heads.count()][];
    for (int head = 0; head < logits.length; head++) {
      logits[head] = new float[heads.get(head).classes()];
      for (int k = 0; k < logits[head].length; k++) {
        logits[head][k] = (float) batch[head][row * logits[head].length + k];
        diverged[probe] |= !Float.isFinite(logits[head][k]);
      }
    }
    List<ViewLogits> views = pending.get(probe);
    if (!views.isEmpty() && !views.get(0).video().equals(view.video())) {
      finish(probe);
    }
    views.add(new ViewLogits(view.video(), view.labels(), view.clip(), view.crop(), logits));
  }

  private void finish(int probe) {
    List<ViewLogits> views = pending.get(probe);
    if (!views.isEmpty() && !diverged[probe]) {
      scores.get(probe).add(VideoScore.average(views));
    }
    views.clear();
  }

  /** The metrics of a probe; empty if it diverged. */
  Optional<EvaluationMetrics> metrics(int probe) {
    return diverged[probe]
        ? Optional.empty()
        : Optional.of(EvaluationMetrics.of(heads, scores.get(probe)));
  }
}
