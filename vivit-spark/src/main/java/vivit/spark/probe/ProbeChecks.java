package vivit.spark.probe;

import java.util.List;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.Section;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.text.Kebab;
import vivit.model.ViViTConfig;

/** Contradictions between settings, model and shard sets; recorded as problems of their keys. */
final class ProbeChecks {
  private static final String TRAINING = "training-shards";
  private static final String EVALUATION = "evaluation-shards";

  private final Section probe;

  ProbeChecks(Section probe) {
    this.probe = probe;
  }

  /** Checks everything. */
  void check(ProbeSettings settings, ViViTConfig model, Manifest training, Manifest evaluation) {
    purpose(TRAINING, training, Purpose.TRAINING);
    purpose(EVALUATION, evaluation, Purpose.EVALUATION);
    fits(TRAINING, training, model);
    fits(EVALUATION, evaluation, model);
    classes(training.heads(), evaluation.heads());
    if (training.videos() < 2) {
      probe.problem(
          TRAINING,
          "found %d videos; expected at least 2, one to train on and one to choose the probe by"
              .formatted(training.videos()));
    }
    settings
        .select()
        .filter(name -> !ProbeChoice.figures(training.heads()).contains(name))
        .ifPresent(
            name ->
                probe.problem(
                    "select",
                    "found %s; expected one of %s"
                        .formatted(
                            name, String.join(", ", ProbeChoice.figures(training.heads())))));
    int heads = settings.attentionHeads().orElse(model.attentionHeads());
    if (settings.kinds().contains(ProbeKind.ATTENTIVE) && model.width() % heads != 0) {
      probe.problem(
          "attention-heads",
          "found %d; expected a divisor of the model's width %d".formatted(heads, model.width()));
    }
  }

  private void purpose(String key, Manifest shards, Purpose expected) {
    if (shards.purpose() != expected) {
      probe.problem(
          key,
          "found shards for %s; expected shards prepared with prepare.purpose=%s"
              .formatted(Kebab.of(shards.purpose()), Kebab.of(expected)));
    }
  }

  private void fits(String key, Manifest shards, ViViTConfig model) {
    if (model.clip().frames() > shards.frames()) {
      probe.problem(
          key,
          "found clips of %d frames; expected at least the model's %d; prepare longer clips"
              .formatted(shards.frames(), model.clip().frames()));
    }
    int side = Math.max(model.clip().height(), model.clip().width());
    if (shards.shortSide() > 0 && side > shards.shortSide()) {
      probe.problem(
          key,
          "found frames whose shorter side has %d pixels; expected at least the model's %d; prepare larger frames"
              .formatted(shards.shortSide(), side));
    }
  }

  private void classes(LabelHeads training, LabelHeads evaluation) {
    List<String> differences =
        LabelDifferences.between(
            evaluation, "the evaluation shards", training, "the training shards");
    if (!differences.isEmpty()) {
      probe.problem(
          EVALUATION,
          "found %d classes; expected the %d of probe.training-shards; %s; prepare one of them with the label map of the other (prepare.labels)"
              .formatted(evaluation.classes(), training.classes(), String.join("; ", differences)));
    }
    for (LabelHead head : training) {
      if (head.classes() < 2) {
        probe.problem(
            TRAINING,
            "found %d %s; expected at least 2 classes".formatted(head.classes(), head.name()));
      }
    }
  }
}
