package vivit.model.variant;

import vivit.model.shape.HeadRange;
import vivit.model.shape.TokenGrid;

/**
 * A view of a sequence of tokens as groups that attend within themselves. No token is moved: token
 * {@code i} of group {@code g} is token {@code g groupStride + i tokenStride}.
 *
 * @param groups in the sequence
 * @param tokens in a group
 * @param groupStride distance in tokens between the first tokens of neighbouring groups
 * @param tokenStride distance in tokens between neighbours in a group
 * @param heads that attend this way
 */
public record AttentionView(
    int groups, int tokens, int groupStride, int tokenStride, HeadRange heads) {

  /** Every token attends to every token. */
  static AttentionView joint(int tokens, HeadRange heads) {
    return new AttentionView(1, tokens, tokens, 1, heads);
  }

  /** A token attends to the tokens of its time index. */
  static AttentionView space(TokenGrid grid, HeadRange heads) {
    return new AttentionView(grid.time(), grid.spatial(), grid.spatial(), 1, heads);
  }

  /** A token attends to the tokens at its place in space. */
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
