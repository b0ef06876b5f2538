package vivit.spark.input;

/**
 * What becomes of clips whose classes tell left from right when it is their turn to be mirrored.
 */
public enum FlipDirection {
  /** They are mirrored and keep their label, as in the reference code. */
  MIRROR,
  /** They are not mirrored. */
  SKIP,
  /** They are mirrored and get the label of the opposite class. */
  SWAP
}
