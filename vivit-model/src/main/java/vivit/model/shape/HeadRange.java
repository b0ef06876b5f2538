package vivit.model.shape;

/**
 * A range of consecutive heads of an attention.
 *
 * @param heads of the whole attention
 * @param first head of the range, from 0
 * @param count heads in the range
 */
public record HeadRange(int heads, int first, int count) {

  /** Refuses ranges that exceed the heads. */
  public HeadRange {
    if (heads < 1 || first < 0 || count < 1 || first + count > heads) {
      throw new IllegalArgumentException(
          "Heads %d to %d of %d heads".formatted(first, first + count - 1, heads));
    }
  }

  /** All heads of an attention. */
  public static HeadRange all(int heads) {
    return new HeadRange(heads, 0, heads);
  }
}
