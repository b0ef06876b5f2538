package vivit.model.checkpoint;

/**
 * One file inside a zip.
 *
 * @param method 0 stored, 8 deflated
 * @param crc CRC-32 of the unpacked bytes
 * @param packed bytes in the zip
 * @param size unpacked bytes
 * @param header first byte of the member's own header
 * @param data first packed byte
 */
record ZipMember(
    String name, int method, long crc, long packed, long size, long header, long data) {

  static final int STORED = 0;
  static final int DEFLATED = 8;

  /** Deflate cannot shrink further than this. */
  private static final long BEST_RATIO = 1032;

  long end() {
    return data + packed;
  }

  boolean isPlausible() {
    return switch (method) {
      case STORED -> packed == size;
      case DEFLATED -> packed <= Long.MAX_VALUE / BEST_RATIO && size <= packed * BEST_RATIO;
      default -> false;
    };
  }
}
