package vivit.dataprep.prepare;

/** Whether a preparation makes a new set or adds to one. */
public enum Adding {
  /** It makes a set. */
  NOTHING,
  /** It adds videos to a finished set. */
  TO_A_SET
}
