package vivit.dataprep.tfrecord;

import java.util.zip.CRC32C;

/**
 * The checksum of TFRecords: CRC-32C, turned by 15 bits and moved by a constant, so that checksums
 * of data that holds checksums stay good.
 */
final class MaskedCrc {
  private static final int DELTA = 0xa282ead8;
  private static final int TURN = 15;

  private MaskedCrc() {}

  static int of(byte[] bytes, int offset, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, count);
    return of(crc);
  }

  static int of(CRC32C crc) {
    return Integer.rotateRight((int) crc.getValue(), TURN) + DELTA;
  }
}
