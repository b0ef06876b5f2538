package vivit.dataprep.clip;

import java.util.Locale;

/** The purpose of a shard set's clips, which determines their positions in time. */
public enum Purpose {
  /** Random temporal positions, one or several per video. */
  TRAINING,
  /** Evenly spaced views, whose logits are averaged per video. */
  EVALUATION;

  /** The word used in files: {@code training} or {@code evaluation}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
