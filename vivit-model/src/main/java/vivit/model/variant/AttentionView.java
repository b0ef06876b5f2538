package vivit.model.variant;

import vivit.model.shape.HeadRange;
import vivit.model.shape.TokenGrid;

/**
 * A way to see a sequence of tokens as groups that attend within themselves, without moving them:
 * token {@code i} of group {@code g} is token {@code g groupStride + i tokenStride}.
 *
 * @param groups groups of the sequence
 * @param tokens tokens of a group
 * @param groupStride tokens from the first of a group to the first of the next
 * @param tokenStride tokens from one of a group to its next
 * @param heads the heads that see the tokens so
 */
public record AttentionView(
    int groups, int tokens, int groupStride, int tokenStride, HeadRange heads) {

  /** Every token sees every token. */
  static AttentionView joint(int tokens, HeadRange heads) {
    return new AttentionView(1, tokens, tokens, 1, heads);
  }

  /** A token sees those of its time index. */
  static AttentionView space(TokenGrid grid, HeadRange heads) {
    return new AttentionView(grid.time(), grid.spatial(), grid.spatial(), 1, heads);
  }

  /** A token sees those of its place. */
  static AttentionView time(TokenGrid grid, HeadRange heads) {
    return new AttentionView(grid.spatial(), grid.time(), 1, grid.spatial(), heads);
  }

  /** Shape of tokens {@code [b, n, w]} in groups, {@code [b, groups, n / groups, w]}. */
  public long[] shape(long[] tokens) {
    return groups == 1 ? tokens.clone() : new long[] {tokens[0], groups, this.tokens, tokens[2]};
  }

  /** Strides of {@link #shape} in row-major tokens {@code [b, n, w]}. */
  public long[] strides(long[] tokens) {
    long width = tokens[2];
    return groups == 1
        ? new long[] {tokens[1] * width, width, 1}
        : new long[] {tokens[1] * width, groupStride * width, tokenStride * width, 1};
  }
}
