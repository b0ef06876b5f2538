package vivit.dataprep.video;

/**
 * A decoded frame.
 *
 * @param timestamp the source's own presentation time, in seconds
 * @param height in pixels
 * @param width in pixels
 * @param pixels {@code [height, width, 3]}; shared by all grid points that show this frame
 */
record RgbFrame(double timestamp, int height, int width, byte[] pixels) {}
