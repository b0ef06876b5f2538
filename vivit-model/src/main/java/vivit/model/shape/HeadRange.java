package vivit.model.shape;

/**
 * Some neighbouring heads of an attention.
 *
 * @param heads all heads of the attention
 * @param first first one meant, from 0
 * @param count how many are meant
 */
public record HeadRange(int heads, int first, int count) {

  /** Refuses ranges outside the heads. */
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
