package vivit.model.initialise;

/**
 * A map of positions, resized bilinearly and then repeated along time.
 *
 * <p>Corners lie on corners: output i of n takes from source coordinate {@code i (m - 1) / (n - 1)}
 * of m, as {@code scipy.ndimage.zoom} of order 1; reference section 3.3. A line is a map of height
 * 1.
 *
 * @param repeats how often the resized map is put behind itself
 */
record GridChange(int fromHeight, int fromWidth, int toHeight, int toWidth, int repeats) {

  /** Positions used as they are. */
  static GridChange none(int positions) {
    return new GridChange(1, positions, 1, positions, 1);
  }

  boolean resizes() {
    return fromHeight != toHeight || fromWidth != toWidth;
  }

  /** Positions in. */
  int from() {
    return fromHeight * fromWidth;
  }

  /** Positions out. */
  int to() {
    return Math.multiplyExact(toHeight * toWidth, repeats);
  }

  /**
   * Changes a row-major {@code [from(), width]} table.
   *
   * @param start of its first number in {@code table}
   * @param into gets {@code [to(), width]} from {@code at} on
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
