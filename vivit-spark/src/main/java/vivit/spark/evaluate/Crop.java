package vivit.spark.evaluate;

import java.util.List;

/** Where a crop starts in a stored frame, in pixels from the top left corner. */
public record Crop(int top, int left) {

  /**
   * The crops of a view, in order.
   *
   * <p>One crop is the centre, rounded down. Three crops are start, centre and end of the longer
   * side (of the width when both are equal), where the centre is rounded up; the shorter side is
   * centred, rounded down.
   *
   * @param count 1 or 3
   * @throws IllegalArgumentException if the frame is smaller than the crop
   */
  public static List<Crop> of(int count, int height, int width, int cropHeight, int cropWidth) {
    if (count != 1 && count != 3) {
      throw new IllegalArgumentException("found " + count + " crops of a view, expected 1 or 3");
    }
    if (cropHeight > height || cropWidth > width) {
      throw new IllegalArgumentException(
          "found frames of %d x %d pixels (height x width), expected at least the model's %d x %d; prepare the shards with a larger short side"
              .formatted(height, width, cropHeight, cropWidth));
    }
    int freeRows = height - cropHeight;
    int freeColumns = width - cropWidth;
    int top = freeRows / 2;
    int left = freeColumns / 2;
    if (count == 1) {
      return List.of(new Crop(top, left));
    }
    if (width >= height) {
      return List.of(
          new Crop(top, 0), new Crop(top, (freeColumns + 1) / 2), new Crop(top, freeColumns));
    }
    return List.of(new Crop(0, left), new Crop((freeRows + 1) / 2, left), new Crop(freeRows, left));
  }
}
