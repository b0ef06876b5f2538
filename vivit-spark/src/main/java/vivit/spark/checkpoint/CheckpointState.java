package vivit.spark.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.ModelDescription;

/**
 * The state of a run without its vectors: {@code state.json} of a checkpoint.
 *
 * @param formatVersion of the checkpoint folder
 * @param step updates done; plan and schedules continue here
 * @param epoch of the next step, from 0
 * @param stepInEpoch of the next step, from 0
 * @param stepsPerEpoch steps of every epoch
 * @param totalSteps steps of the whole run
 * @param seed of every random draw
 * @param workers that trained last
 * @param loss mean training loss per clip since the previous checkpoint
 * @param model its configuration
 * @param labels class names, in the order of the logits; with several heads, head after head
 * @param labelsHash of the shard set's label map
 * @param shardsHash of the shard set
 * @param clips sampling and geometry of the shard set's clips; predictions cut their video in the
 *     same way
 * @param config the effective configuration, HOCON
 * @param files name, size and checksum of the vectors' files
 * @param validation what validation has found so far; null in runs without
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CheckpointState(
    int formatVersion,
    long step,
    long epoch,
    long stepInEpoch,
    long stepsPerEpoch,
    long totalSteps,
    long seed,
    int workers,
    double loss,
    ModelDescription model,
    List<String> labels,
    String labelsHash,
    String shardsHash,
    ClipSettings clips,
    String config,
    Map<String, Proof> files,
    @JsonInclude(JsonInclude.Include.NON_NULL) BestValidation validation) {
  /** The newest version of the folder that this program reads; it writes this version. */
  public static final int FORMAT_VERSION = 1;

  /**
   * The best validation of a run so far.
   *
   * @param metric the figure that was compared
   * @param shardsHash of the validation's shard set
   * @param views clips per video at most; 0 for all
   * @param crops of every clip
   * @param value of the figure
   * @param step after which it was found
   * @param since number of validations after it
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record BestValidation(
      String metric, String shardsHash, int views, int crops, double value, long step, int since) {
    public BestValidation {
      if (metric == null || shardsHash == null || !Double.isFinite(value) || since < 0) {
        throw new IllegalArgumentException(
            "validation: found %s of %s on %s and %d after it, expected a finite figure"
                .formatted(value, metric, shardsHash, since));
      }
    }
  }

  /** Size and SHA-256 of a file. */
  public record Proof(long bytes, String sha256) implements Serializable {}

  /** The heads of the model with their class names. */
  public LabelHeads heads() {
    List<LabelHead> heads = new ArrayList<>();
    int from = 0;
    for (Head head : model.config().heads()) {
      int to = Math.min(from + head.classes(), labels.size());
      LabelMap map = LabelMap.of(labels.subList(from, to));
      Labelling labelling =
          head.loss() == Loss.SIGMOID ? Labelling.MULTI_LABEL : Labelling.SINGLE_LABEL;
      heads.add(new LabelHead(head.name(), labelling, map));
      from = to;
    }
    return new LabelHeads(heads);
  }

  /** The same state with the sizes and checksums of these files. */
  CheckpointState with(Map<String, Proof> proofs) {
    return new CheckpointState(
        formatVersion,
        step,
        epoch,
        stepInEpoch,
        stepsPerEpoch,
        totalSteps,
        seed,
        workers,
        loss,
        model,
        labels,
        labelsHash,
        shardsHash,
        clips,
        config,
        proofs,
        validation);
  }
}
