package vivit.model.network;

/** What a training pass keeps for its backward pass. */
public enum Recompute {
  /** Every intermediate result. */
  NOTHING,
  /** Only the input of every block; the rest is computed a second time. */
  BLOCKS
}
