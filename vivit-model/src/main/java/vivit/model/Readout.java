package vivit.model;

/**
 * How an encoder's output tokens become one vector; reference implementation's {@code classifier}.
 */
public enum Readout {
  /** A learned token is prepended and read. */
  TOKEN,
  /** The first of the ordinary tokens is read; nothing is prepended. */
  FIRST,
  /** The mean of all tokens, after the final layer norm. */
  MEAN,
  /** The largest value of every channel over all tokens, after the final layer norm. */
  MAX,
  /** The sum of all tokens, after the final layer norm. */
  SUM;

  /** Number of tokens put before the ordinary ones. */
  public int extraTokens() {
    return this == TOKEN ? 1 : 0;
  }

  /** Whether every token has a part in the vector. */
  public boolean pools() {
    return this == MEAN || this == MAX || this == SUM;
  }
}
