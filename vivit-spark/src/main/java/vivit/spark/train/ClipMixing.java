package vivit.spark.train;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.ViViTConfig;
import vivit.model.regularise.CutMix;
import vivit.model.regularise.CutMix.PastedBox;
import vivit.model.regularise.Mixup;
import vivit.spark.input.ClipBatches.TokenBatch;
import vivit.spark.input.Draws;
import vivit.spark.input.StepOrder.StepPiece;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/**
 * Mixes the clips of each mixup group, and their labels, by mixup or CutMix; docs/vivit.md, 5.1. A
 * pure function of (seed, step, group).
 */
final class ClipMixing {
  private final CutMix cutMix;
  private final long seed;
  private final int repeats;

  /**
   * Creates the mixing of a run.
   *
   * @param seed of the run
   * @param repeats rows of every clip in a batch; a group has all rows of its clips
   */
  ClipMixing(ViViTConfig config, long seed, int repeats) {
    this.cutMix = new CutMix(config.grid(), config.tubelet());
    this.seed = seed;
    this.repeats = repeats;
  }

  /** Mixes tokens and labels of a batch in place; a group of a single clip stays as it is. */
  void mix(TokenBatch batch, LabelRows y) {
    StepPiece piece = batch.order().piece();
    int rows = piece.group() * repeats;
    for (int first = 0; first + 1 < batch.clips(); first += rows) {
      int end = Math.min(first + rows, batch.clips());
      if (end - first > repeats) {
        long group = piece.firstGroup() + (long) first / rows;
        mix(batch, y, first, end, group);
      }
    }
  }

  private void mix(TokenBatch batch, LabelRows y, int first, int end, long group) {
    StepValues values = batch.order().values();
    double mixup = values.of(Strength.MIXUP);
    double cut = values.of(Strength.CUTMIX);
    long step = batch.order().step();
    INDArray x = batch.tokens().get(NDArrayIndex.interval(first, end));
    if (cut > 0 && (mixup == 0 || cuts(values, step, group))) {
      PastedBox box = cutMix.draw(cut, Draws.seed(Draws.Use.CUTMIX, seed, step, group));
      cutMix.paste(x, box);
      y.mix(first, end, cutMix.lambda(box));
    } else if (mixup > 0) {
      double lambda = Mixup.lambda(mixup, Draws.seed(Draws.Use.MIXUP, seed, step, group));
      Mixup.mix(x, lambda);
      y.mix(first, end, lambda);
    }
  }

  private boolean cuts(StepValues values, long step, long group) {
    return Draws.of(Draws.Use.MIX_SWITCH, seed, step, group).unit()
        < values.of(Strength.MIX_SWITCH);
  }
}
