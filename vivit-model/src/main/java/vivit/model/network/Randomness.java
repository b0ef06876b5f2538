package vivit.model.network;

import vivit.model.regularise.DropMasks;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;

/**
 * What chance does in one training pass.
 *
 * @param masks stochastic depth
 * @param dropout dropout
 */
public record Randomness(DropMasks masks, Dropout dropout) {

  /** Stochastic depth alone. */
  public Randomness(DropMasks masks) {
    this(masks, Dropout.NONE);
  }

  /** Nothing is left to chance. */
  public static Randomness none(int clips) {
    return new Randomness(DropPath.none(clips));
  }
}
