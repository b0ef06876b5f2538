package vivit.model.variant;

/** Which attention of a Model 3 block comes first. */
public enum AttentionOrder {
  /** Space, then time: the paper's description (equations 4 to 6). */
  SPACE_TIME,
  /** Time, then space. */
  TIME_SPACE
}
