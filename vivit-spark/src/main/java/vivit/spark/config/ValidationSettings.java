package vivit.spark.config;

import java.util.Optional;
import java.util.OptionalInt;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.Span;

/**
 * The section {@code train.validate}: how a run is validated while it trains.
 *
 * @param shards folder of the shard set, prepared for evaluation; empty for no validation
 * @param every training between two validations
 * @param views clips of a video that are scored, at most; empty for all that are stored
 * @param crops crops of every clip, 1 or 3
 * @param batchSize views that go through the network together
 * @param metric the figure that decides which checkpoint is the best; empty for the heads' main one
 * @param patience validations without a better figure after which training stops; 0 for never
 */
public record ValidationSettings(
    String shards,
    Span every,
    OptionalInt views,
    int crops,
    int batchSize,
    Optional<String> metric,
    int patience) {
  private static final int MANY = 1_000_000;

  static ValidationSettings read(Section section) {
    Span every = section.span("every");
    if (every.amount() == 0) {
      section.problem("every", "found 0; expected more, such as 1 epochs or 500 steps");
    }
    int crops = section.integer("crops", 1, 3);
    if (crops == 2) {
      section.problem("crops", "found 2; expected 1 (centre) or 3 (along the longer side)");
    }
    return new ValidationSettings(
        section.place("shards"),
        every,
        section.optionalInteger("views", 1, MANY),
        crops,
        section.integer("batch-size", 1, 65_536),
        section.optionalText("metric"),
        section.integer("patience", 0, MANY));
  }

  /** Whether the run is validated. */
  public boolean isOn() {
    return !shards.isEmpty();
  }

  /** Whether steps from {@code before} to {@code after} reach a multiple of the interval. */
  public boolean isDue(long before, long after, long stepsPerEpoch) {
    return new CheckpointInterval.AfterTraining(every).isDue(before, after, stepsPerEpoch);
  }
}
