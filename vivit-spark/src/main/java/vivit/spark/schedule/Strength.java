package vivit.spark.schedule;

import java.util.Locale;

/**
 * The quantities that follow a schedule: regularisers, augmentations and the moving average.
 *
 * <p>A constant has its key in the section {@code train} and its range of values; configuration,
 * rounds, logs and checkpoints treat all constants alike.
 */
public enum Strength {
  /** Drop probability of the last encoder block. */
  DROP_PATH("drop-path", Strength.BELOW_ONE),
  /** Drop probability of a single activation. */
  DROPOUT("dropout", Strength.BELOW_ONE),
  /** Drop probability of a single attention weight. */
  ATTENTION_DROPOUT("attention-dropout", Strength.BELOW_ONE),
  /** Alpha of mixup's Beta distribution, 0 for none. */
  MIXUP("mixup", 1000),
  /** Alpha of CutMix's Beta distribution, 0 for none. */
  CUTMIX("cutmix", 1000),
  /** Probability that a group uses CutMix where mixup is on too. */
  MIX_SWITCH("mix-switch", 1),
  /** Share of the label spread over all classes. */
  LABEL_SMOOTHING("label-smoothing", Strength.BELOW_ONE),
  /** Share of a kernel that every step removes, per unit of learning rate. */
  WEIGHT_DECAY("weight-decay", 1000),
  /** Share of the moving average that is kept per step, 0 for no average. */
  EMA_DECAY("ema-decay", Strength.BELOW_ONE),
  /** Probability that a clip is rescaled. */
  SCALE_JITTER("scale-jitter.probability", 1),
  /** Probability that a clip is mirrored. */
  FLIP("flip", 1),
  /** Magnitude of RandAugment's operations; designed for 0 to 10. */
  RAND_AUGMENT("rand-augment.magnitude", 30),
  /** Probability that the colours of a clip change. */
  COLOUR_JITTER("colour-jitter.probability", 1),
  /** Probability that a clip loses its colours. */
  GREY("colour-jitter.grey", 1),
  /** Probability that a box of a clip is replaced by noise. */
  RANDOM_ERASING("random-erasing", 1);

  /** The largest number below 1; a rate of 1 would leave nothing. */
  public static final double BELOW_ONE = 1 - 0x1.0p-53;

  private final String key;
  private final double max;

  Strength(String key, double max) {
    this.key = key;
    this.max = max;
  }

  /** Key of this strength in the section {@code train}. */
  public String key() {
    return key;
  }

  /** The largest permitted value; the smallest is 0. */
  public double max() {
    return max;
  }

  /** Name of this strength in {@code metrics.jsonl}. */
  public String metric() {
    return name().toLowerCase(Locale.ROOT);
  }
}
