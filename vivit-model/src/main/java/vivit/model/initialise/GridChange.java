package vivit.model.initialise;

/**
 * Resizes a map of positions bilinearly, and repeats it along time.
 *
 * <p>Corners map to corners: output i of n reads source coordinate {@code i (m - 1) / (n - 1)} of
 * m, as in {@code scipy.ndimage.zoom} of order 1; docs/vivit.md, 4.3. A line is a map of height 1.
 *
 * @param repeats copies of the resized map along time
 */
record GridChange(int fromHeight, int fromWidth, int toHeight, int toWidth, int repeats) {

  /** Creates a change that keeps the positions. */
  static GridChange none(int positions) {
    return new GridChange(1, positions, 1, positions, 1);
  }

  boolean resizes() {
    return fromHeight != toHeight || fromWidth != toWidth;
  }

  /** Number of positions before the change. */
  int from() {
    return fromHeight * fromWidth;
  }

  /** Number of positions after the change. */
  int to() {
    return Math.multiplyExact(toHeight * toWidth, repeats);
  }

  /**
   * Converts a row-major {@code [from(), width]} table.
   *
   * @param start index of its first number in {@code table}
   * @param into receives {@code [to(), width]} from index {@code at} on
   */
  void apply(float[] table, int start, int width, float[] into, int at) {
    int length = toHeight * toWidth * width;
    if (resizes()) {
      resize(table, start, width, into, at);
    } else {
      System.arraycopy(table, start, into, at, length);
    }
    for (int i = 1; i < repeats; i++) {
      System.arraycopy(into, at, into, at + i * length, length);
    }
  }

  private void resize(float[] table, int start, int width, float[] into, int at) {
    int next = at;
    for (int y = 0; y < toHeight; y++) {
      double sourceY = coordinate(y, toHeight, fromHeight);
      int top = (int) sourceY;
      int bottom = Math.min(top + 1, fromHeight - 1);
      double down = sourceY - top;
      for (int x = 0; x < toWidth; x++) {
        double sourceX = coordinate(x, toWidth, fromWidth);
        int left = (int) sourceX;
        int right = Math.min(left + 1, fromWidth - 1);
        double across = sourceX - left;
        for (int c = 0; c < width; c++) {
          double above =
              between(
                  table[start + (top * fromWidth + left) * width + c],
                  table[start + (top * fromWidth + right) * width + c],
                  across);
          double below =
              between(
                  table[start + (bottom * fromWidth + left) * width + c],
                  table[start + (bottom * fromWidth + right) * width + c],
                  across);
          into[next++] = (float) between(above, below, down);
        }
      }
    }
  }

  private static double coordinate(int output, int outputs, int inputs) {
    return outputs == 1 ? 0 : (double) output * (inputs - 1) / (outputs - 1);
  }

  private static double between(double first, double second, double share) {
    return first * (1 - share) + second * share;
  }

  @Override
  public String toString() {
    String resized =
        !resizes()
            ? ""
            : fromHeight == 1 && toHeight == 1
                ? "%d resized to %d".formatted(fromWidth, toWidth)
                : "%d x %d resized to %d x %d".formatted(fromHeight, fromWidth, toHeight, toWidth);
    String repeated = repeats == 1 ? "" : "repeated %d times".formatted(repeats);
    return resized.isEmpty() || repeated.isEmpty() ? resized + repeated : resized + ", " + repeated;
  }
}
