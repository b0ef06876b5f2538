package vivit.model;

/**
 * Reduces the output tokens {@code [n, d]} of an encoder to one vector {@code [d]}; the original
 * code's {@code classifier}; docs/vivit.md, 2.9.
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

  /** Learned tokens prepended to the ordinary ones, 0 or 1. */
  public int extraTokens() {
    return this == TOKEN ? 1 : 0;
  }

  /** Whether the vector depends on every token. */
  public boolean pools() {
    return this == MEAN || this == MAX || this == SUM;
  }
}
