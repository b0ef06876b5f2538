package vivit.dataprep.tfrecord;

import java.io.IOException;
import vivit.dataprep.tfrecord.WireReader.ByteRange;

/** Checks that a JPEG image is complete and reads its size, without decoding it. */
final class JpegImage {
  private static final int MARKER = 0xff;
  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;
  private static final int FIRST_FRAME_HEADER = 0xc0;
  private static final int LAST_FRAME_HEADER = 0xcf;
  private static final int SLACK = 16; // bytes that some encoders leave after the end

  /** Height and width in pixels. */
  record JpegSize(int height, int width) {}

  private JpegImage() {}

  /**
   * Refuses bytes that do not begin and end like a JPEG image.
   *
   * @param frame number of the image, for the message
   */
  static void check(ByteWindow bytes, ByteRange image, int frame) throws IOException {
    if (bytes.at(image.start()) != MARKER || bytes.at(image.start() + 1) != START) {
      throw new DamagedRecordException(
          image.start(),
          "frame %d begins with %02x %02x, expected a JPEG image, ff d8"
              .formatted(
                  frame, bytes.at(image.start()) & 0xff, bytes.at(image.start() + 1) & 0xff));
    }
    long last = Math.max(image.start() + 2, image.end() - SLACK);
    for (long at = image.end() - 2; at >= last; at--) {
      if (bytes.at(at) == MARKER && bytes.at(at + 1) == END) {
        return;
      }
    }
    throw DamagedRecordException.truncated(
        image.start(),
        "frame %d, a JPEG image of %d bytes, is truncated".formatted(frame, image.length()));
  }

  /** The size that the header of an image states. */
  static JpegSize size(ByteWindow bytes, ByteRange image) throws IOException {
    long at = image.start() + 2;
    while (at + 9 <= image.end() && bytes.at(at) == MARKER) {
      int marker = bytes.at(at + 1);
      if (isFrameHeader(marker)) {
        JpegSize size = new JpegSize(bigEndian(bytes, at + 5), bigEndian(bytes, at + 7));
        if (size.height() > 0 && size.width() > 0) {
          return size;
        }
        break;
      }
      if (marker == SCAN) {
        break;
      }
      at += marker == MARKER ? 1 : 2 + bigEndian(bytes, at + 2);
    }
    throw new DamagedRecordException(
        image.start(), "frame 0 is a JPEG image that does not state its size");
  }

  private static boolean isFrameHeader(int marker) {
    boolean table = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;
    return marker >= FIRST_FRAME_HEADER && marker <= LAST_FRAME_HEADER && !table;
  }

  private static int bigEndian(ByteWindow bytes, long at) throws IOException {
    return Math.max(0, bytes.at(at)) << 8 | Math.max(0, bytes.at(at + 1));
  }
}
