package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.javacpp.IntPointer;
import vivit.dataprep.clip.FrameSize;

/**
 * The turn that a player applies to stored frames: quarter turns and reflections. The shown pixel
 * at {@code (x, y)} is the stored pixel at {@code (x, y)}, or at {@code (y, x)} if transposed,
 * counted from the far end where an axis is reversed.
 *
 * @param transposed whether shown rows are stored columns
 * @param reversedX whether shown columns count from the right
 * @param reversedY whether shown rows count from the bottom
 */
record Orientation(boolean transposed, boolean reversedX, boolean reversedY) {
  static final Orientation UPRIGHT = new Orientation(false, false, false);
  private static final int MATRIX_BYTES = 9 * Integer.BYTES;
  private static final double ONE_DEGREE = Math.toRadians(1);
  private static final int CHANNELS = 3;

  /** The orientation that a frame states; upright if it is not a multiple of a quarter turn. */
  static Orientation of(AVFrame frame) {
    AVFrameSideData data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (data == null || data.isNull() || data.size() < MATRIX_BYTES) {
      return UPRIGHT;
    }
    IntPointer matrix = new IntPointer(data.data());
    return of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
  }

  /** The orientation of a matrix that maps a point to {@code (a·x + c·y, b·x + d·y)}. */
  static Orientation of(int a, int b, int c, int d) {
    if (close(b, a) && close(c, d)) {
      return new Orientation(false, a < 0, d < 0);
    }
    if (close(a, b) && close(d, c)) {
      return new Orientation(true, c < 0, b < 0);
    }
    return UPRIGHT;
  }

  /** Whether one number is negligible compared to another. */
  private static boolean close(int small, int large) {
    return large != 0 && Math.abs(small) <= Math.abs((double) large) * Math.tan(ONE_DEGREE);
  }

  /** Converts the stored size of a frame to its shown size, or back. */
  FrameSize turned(FrameSize size) {
    return transposed
        ? new FrameSize(/* height= */ size.width(), /* width= */ size.height())
        : size;
  }

  /**
   * Turns a frame.
   *
   * @param stored {@code [height, width, 3]}
   * @param size of the stored frame
   * @param shown receives the frame, in its {@link #turned} size
   */
  void turn(byte[] stored, FrameSize size, byte[] shown) {
    FrameSize target = turned(size);
    int stepX = (transposed ? size.width() : 1) * CHANNELS;
    int stepY = (transposed ? 1 : size.width()) * CHANNELS;
    int first = 0;
    if (reversedX) {
      first += stepX * (target.width() - 1);
      stepX = -stepX;
    }
    if (reversedY) {
      first += stepY * (target.height() - 1);
      stepY = -stepY;
    }
    int to = 0;
    for (int y = 0; y < target.height(); y++) {
      int from = first + y * stepY;
      for (int x = 0; x < target.width(); x++, from += stepX, to += CHANNELS) {
        shown[to] = stored[from];
        shown[to + 1] = stored[from + 1];
        shown[to + 2] = stored[from + 2];
      }
    }
  }
}
