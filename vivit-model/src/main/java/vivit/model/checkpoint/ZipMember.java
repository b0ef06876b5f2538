package vivit.model.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

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

  /** Best compression ratio of deflate. */
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

  /** The unpacked bytes of a member; {@link #requireIntact} verifies the checksum. */
  static final class ZipMemberInput extends InputStream {

    private static final int BUFFER = 1 << 16;

    private final Bytes file;
    private final ZipMember member;
    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private long left;

    ZipMemberInput(Bytes file, ZipMember member) {
      this.file = file;
      this.member = member;
      this.left = member.size();
      InputStream packed = new BytesInput(file, member.data(), member.end());
      this.in =
          member.method() == ZipMember.STORED
              ? packed
              : new InflaterInputStream(packed, inflater, BUFFER);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      int wanted = (int) Math.min(count, left);
      int found = wanted == 0 ? -1 : unpack(into, from, wanted);
      if (found > 0) {
        crc.update(into, from, found);
        left -= found;
      }
      return found;
    }

    /** Reads the rest, and refuses a member whose size or checksum contradicts the zip. */
    void requireIntact() throws IOException {
      skipNBytes(left);
      if (unpack(new byte[1], 0, 1) >= 0) {
        throw damaged("unpacks to more than %d bytes".formatted(member.size()), null);
      }
      if (crc.getValue() != member.crc()) {
        throw damaged(
            "has checksum %08x, expected %08x".formatted(crc.getValue(), member.crc()), null);
      }
    }

    @Override
    public void close() throws IOException {
      inflater.end();
      in.close();
    }

    private int unpack(byte[] into, int from, int count) throws IOException {
      int found;
      try {
        found = in.read(into, from, count);
      } catch (ZipException | EOFException e) {
        throw damaged("cannot be unpacked: " + e.getMessage(), e);
      }
      if (found < 0 && left > 0) {
        throw damaged("ends %d bytes before its %d".formatted(left, member.size()), null);
      }
      return found;
    }

    private CorruptCheckpointException damaged(String problem, Throwable cause) {
      return CorruptCheckpointException.at(
          file.name(), member.data(), "tensor %s %s".formatted(member.name(), problem), cause);
    }
  }
}
