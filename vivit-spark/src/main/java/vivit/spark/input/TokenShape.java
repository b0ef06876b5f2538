package vivit.spark.input;

/**
 * The tokens of one clip.
 *
 * @param tokens n
 * @param values v, of each token
 */
public record TokenShape(int tokens, int values) {

  /** Values of a clip. */
  public int clipValues() {
    return tokens * values;
  }
}
