package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Locates the records of a shard. A record is a length of 8 bytes, the masked CRC-32C of these
 * bytes, the payload, and the masked CRC-32C of the payload; all numbers are little-endian.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecords format
 *     details</a>
 */
final class Framing {
  private static final int MASK_ROTATION = 15;
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int LENGTH_BYTES = 8;
  private static final int CRC_BYTES = 4;
  private static final int HEADER_BYTES = LENGTH_BYTES + CRC_BYTES;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final long MOST_SEARCHED = 1 << 28;

  private final ShardBytes bytes;
  private final ByteWindow window;

  /**
   * A record.
   *
   * @param start byte of its length
   * @param length bytes of its payload
   */
  record Frame(long start, long length) {
    /** First byte of the payload. */
    long payload() {
      return start + HEADER_BYTES;
    }

    /** Byte after the payload. */
    long payloadEnd() {
      return payload() + length;
    }

    /** Offset of the next record. */
    long end() {
      return payloadEnd() + CRC_BYTES;
    }
  }

  Framing(ShardBytes bytes, ByteWindow window) {
    this.bytes = bytes;
    this.window = window;
  }

  /**
   * The record that starts at a position; empty at the end of the shard.
   *
   * @throws DamagedRecordException if there is none
   */
  Optional<Frame> frame(long start) throws IOException {
    if (window.at(start) < 0) {
      return Optional.empty();
    }
    if (window.at(start + HEADER_BYTES - 1) < 0) {
      throw DamagedRecordException.truncated(
          start, "it is truncated inside the length of a record; copy the shard again");
    }
    byte[] length = new byte[LENGTH_BYTES];
    for (int i = 0; i < LENGTH_BYTES; i++) {
      length[i] = (byte) window.at(start + i);
    }
    int stated = (int) window.littleEndian(start + LENGTH_BYTES, CRC_BYTES);
    int actual = maskedCrc(length, 0, LENGTH_BYTES);
    if (stated != actual) {
      throw new DamagedRecordException(
          start,
          "the length of a record has checksum %s, expected %s; this is no TFRecord file, or damaged"
              .formatted(hex(actual), hex(stated)));
    }
    Frame frame = new Frame(start, window.littleEndian(start, LENGTH_BYTES));
    if (frame.length() < 0 || frame.length() > Integer.MAX_VALUE) {
      throw new DamagedRecordException(
          start,
          "a record has %s bytes, expected at most 2 GiB as in any protobuf message"
              .formatted(Long.toUnsignedString(frame.length())));
    }
    return Optional.of(frame);
  }

  /**
   * Checks, without reading it, that a record ends within the shard.
   *
   * @throws DamagedRecordException if it does not
   */
  void requireWhole(Frame frame) throws IOException {
    if (window.at(frame.end() - 1) < 0) {
      throw DamagedRecordException.truncated(
          frame.start(),
          "it is truncated inside a record of %d bytes; copy the shard again"
              .formatted(frame.length()));
    }
  }

  /**
   * The next position where a record may start: its length has the right checksum, which happens by
   * chance once in four billion positions. Empty if there is none within 256 MiB.
   */
  OptionalLong find(long from) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = from; at < from + MOST_SEARCHED; at += CHUNK_BYTES - HEADER_BYTES + 1) {
      int filled;
      try {
        filled = bytes.readFully(at, chunk, CHUNK_BYTES);
      } catch (DamagedRecordException e) { // nothing after it can be unpacked
        return OptionalLong.empty();
      }
      for (int i = 0; i + HEADER_BYTES <= filled; i++) {
        if (isHeader(chunk, i)) {
          return OptionalLong.of(at + i);
        }
      }
      if (filled < CHUNK_BYTES) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isHeader(byte[] bytes, int at) {
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return header.getInt(at + Integer.BYTES) == 0
        && header.getInt(at) > 0
        && header.getInt(at + LENGTH_BYTES) == maskedCrc(bytes, at, LENGTH_BYTES);
  }

  /**
   * Reads a whole payload and compares its checksum.
   *
   * @throws DamagedRecordException if it differs; later records may still be good
   */
  void check(Frame frame) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = frame.payload(); at < frame.payloadEnd(); ) {
      int wanted = (int) Math.min(CHUNK_BYTES, frame.payloadEnd() - at);
      int found = bytes.readFully(at, chunk, wanted);
      if (found < wanted) {
        throw DamagedRecordException.truncated(
            at + found, "the shard became shorter while it was read");
      }
      crc.update(chunk, 0, found);
      at += found;
    }
    int stated = (int) window.littleEndian(frame.payloadEnd(), CRC_BYTES);
    int actual = maskedCrc(crc);
    if (stated != actual) {
      throw new DamagedRecordException(
          frame.payload(),
          "the record has checksum %s, expected %s; copy the shard again"
              .formatted(hex(actual), hex(stated)));
    }
  }

  private static String hex(int crc) {
    return HexFormat.of().toHexDigits(crc);
  }

  /**
   * The checksum of TFRecords: CRC-32C, rotated by 15 bits, plus a constant; the mask avoids weak
   * checksums of data that contains checksums.
   */
  static int maskedCrc(byte[] bytes, int offset, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, count);
    return maskedCrc(crc);
  }

  private static int maskedCrc(CRC32C crc) {
    return Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK_DELTA;
  }
}
