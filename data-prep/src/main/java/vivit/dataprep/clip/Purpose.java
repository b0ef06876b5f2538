package vivit.dataprep.clip;

import java.util.Locale;

/** What the clips of a shard set are for; it decides how they were placed in time. */
public enum Purpose {
  /** Random temporal positions, one or several per video. */
  TRAINING,
  /** Evenly spaced views, whose logits are averaged per video. */
  EVALUATION;

  /** The word in files: {@code training} or {@code evaluation}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
