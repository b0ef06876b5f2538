package vivit.dataprep.video;

import vivit.dataprep.clip.FrameSize;

/** A frame at its final size, shared by all clips that show it, for as long as one needs it. */
final class KeptFrame {
  private final byte[] pixels;
  private final FrameSize size;
  private final double timestamp;
  private int users;

  /**
   * A frame.
   *
   * @param pixels {@code [height, width, 3]}
   * @param timestamp the source's own presentation time, in seconds
   */
  KeptFrame(byte[] pixels, FrameSize size, double timestamp) {
    this.pixels = pixels;
    this.size = size;
    this.timestamp = timestamp;
  }

  byte[] pixels() {
    return pixels;
  }

  FrameSize size() {
    return size;
  }

  double timestamp() {
    return timestamp;
  }

  void keep() {
    users++;
  }

  /** Gives up one use; true if it was the last. */
  boolean release() {
    return --users == 0;
  }
}
