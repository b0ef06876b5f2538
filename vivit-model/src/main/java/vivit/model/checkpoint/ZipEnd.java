package vivit.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The last record of a zip.
 *
 * @param directory first byte of the directory
 * @param directoryBytes its size; at most 4 MiB
 * @param members entries in it
 */
record ZipEnd(long directory, long directoryBytes, long members) {

  private static final int SIGNATURE = 0x06054b50;
  private static final int BYTES = 22;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int ZIP64_SIGNATURE = 0x06064b50;
  private static final int ZIP64_BYTES = 56;
  private static final int SMALLEST_ENTRY = 46;

  /** A checkpoint has hundreds of members, each with an entry of about 130 bytes. */
  private static final long MOST_DIRECTORY_BYTES = 1 << 22;

  private static final long MAX32 = 0xFFFFFFFFL;
  private static final long MAX16 = 0xFFFFL;

  /** Finds and checks the record at the very end of the file. */
  static ZipEnd find(Bytes file) throws IOException {
    int tailBytes = (int) Math.min(file.size(), BYTES + LONGEST_COMMENT);
    ByteBuffer tail = read(file, file.size() - tailBytes, tailBytes);
    for (int at = tailBytes - BYTES; at >= 0; at--) {
      if (tail.getInt(at) == SIGNATURE
          && at + BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == tailBytes) {
        return parse(file, file.size() - tailBytes + at, tail.position(at).slice());
      }
    }
    throw CorruptCheckpointException.at(
        file.name(),
        file.size(),
        "truncated, or followed by other bytes: the zip's directory is not at the end");
  }

  private static ZipEnd parse(Bytes file, long position, ByteBuffer slice) throws IOException {
    ByteBuffer record = slice.order(ByteOrder.LITTLE_ENDIAN);
    long members = Short.toUnsignedLong(record.getShort(10));
    long bytes = Integer.toUnsignedLong(record.getInt(12));
    long directory = Integer.toUnsignedLong(record.getInt(16));
    boolean oneDisk = record.getInt(4) == 0 && record.getShort(8) == record.getShort(10);
    long directoryEnd = position;
    long locatorAt = position - LOCATOR_BYTES;
    ByteBuffer locator =
        locatorAt < 0 ? ByteBuffer.allocate(4) : read(file, locatorAt, LOCATOR_BYTES);
    if (locator.getInt(0) == LOCATOR_SIGNATURE) {
      directoryEnd = locator.getLong(8);
      if (directoryEnd != locatorAt - ZIP64_BYTES) {
        throw CorruptCheckpointException.at(
            file.name(), locatorAt, "the zip's 64-bit record is not right before its locator");
      }
      ByteBuffer zip64 = read(file, directoryEnd, ZIP64_BYTES);
      oneDisk =
          zip64.getInt(0) == ZIP64_SIGNATURE
              && zip64.getLong(4) == ZIP64_BYTES - 12
              && zip64.getLong(16) == 0
              && zip64.getLong(24) == zip64.getLong(32)
              && agrees(members, MAX16, zip64.getLong(32))
              && agrees(bytes, MAX32, zip64.getLong(40))
              && agrees(directory, MAX32, zip64.getLong(48));
      members = zip64.getLong(32);
      bytes = zip64.getLong(40);
      directory = zip64.getLong(48);
    }
    boolean possible =
        oneDisk
            && bytes >= 0
            && bytes <= MOST_DIRECTORY_BYTES
            && directory >= 0
            && directory <= directoryEnd
            && directoryEnd - directory == bytes
            && members >= 0
            && members <= bytes / SMALLEST_ENTRY;
    if (!possible) {
      throw CorruptCheckpointException.at(
          file.name(),
          position,
          "the zip's last record places %d members in %d bytes at byte %d, which is impossible"
              .formatted(members, bytes, directory));
    }
    return new ZipEnd(directory, bytes, members);
  }

  private static boolean agrees(long stored, long most, long zip64) {
    return stored == most || stored == zip64;
  }

  private static ByteBuffer read(Bytes file, long position, int count) throws IOException {
    byte[] raw = new byte[count];
    file.read(position, raw, 0, count);
    return ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
  }
}
