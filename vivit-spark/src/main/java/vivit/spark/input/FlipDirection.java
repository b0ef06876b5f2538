package vivit.spark.input;

/**
 * What becomes of clips whose classes tell left from right when it is their turn to be mirrored.
 */
public enum FlipDirection {
  /** They are mirrored and keep their label, as in the original code; docs/vivit.md, 6.1. */
  MIRROR,
  /** They are not mirrored. */
  SKIP,
  /** They are mirrored and get the label of the opposite class. */
  SWAP
}
