package vivit.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The members of a zip file, zip64 included. The directory at the end and the members' own headers
 * must agree, and together they account for every byte of the file: members neither overlap nor
 * leave bytes before, between or after them, where a reader of the stream would find others.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format</a>
 */
final class ZipDirectory {

  private static final int MEMBER_SIGNATURE = 0x04034b50;
  private static final int MEMBER_BYTES = 30;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int ENCRYPTED = 1;
  private static final int SIZES_FOLLOW = 8;
  private static final int ZIP64_EXTRA = 1;
  private static final int LONGEST_NAME = 512;
  private static final int FOLLOWING_SIGNATURE = 0x08074b50;
  private static final long MAX32 = 0xFFFFFFFFL;

  private final Bytes file;
  private final ZipEnd end;

  private ZipDirectory(Bytes file, ZipEnd end) {
    this.file = file;
    this.end = end;
  }

  /** All members, in the order of their bytes. */
  static List<ZipMember> read(Bytes file) throws IOException {
    return new ZipDirectory(file, ZipEnd.find(file)).members();
  }

  private List<ZipMember> members() throws IOException {
    byte[] raw = new byte[(int) end.directoryBytes()];
    file.read(end.directory(), raw, 0, raw.length);
    ByteBuffer directory = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    List<ZipMember> members = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < end.members(); i++) {
      ZipMember member = member(directory);
      if (!names.add(member.name())) {
        throw at(member.header(), "two members are called " + member.name());
      }
      members.add(member);
    }
    if (directory.hasRemaining()) {
      throw at(
          end.directory() + directory.position(),
          "the zip's directory continues after its last entry");
    }
    members.sort(Comparator.comparingLong(ZipMember::header));
    long free = 0;
    for (int i = 0; i < members.size(); i++) {
      ZipMember member = members.get(i);
      if (member.header() < free) {
        throw at(member.header(), "member %s overlaps another".formatted(member.name()));
      }
      requireNamed(free, member.header());
      boolean last = i == members.size() - 1;
      free = followed(member, last ? end.directory() : members.get(i + 1).header());
    }
    requireNamed(free, end.directory());
    return members;
  }

  private void requireNamed(long from, long to) throws CorruptCheckpointException {
    if (from < to) {
      throw at(from, "found %d bytes that the zip's directory does not name".formatted(to - from));
    }
  }

  /** End of a member with the checksum and sizes that may follow it, in four forms. */
  private long followed(ZipMember member, long next) throws IOException {
    long bytes = next - member.end();
    if (bytes != 12 && bytes != 16 && bytes != 20 && bytes != 24) {
      return member.end();
    }
    byte[] raw = new byte[(int) bytes];
    file.read(member.end(), raw, 0, raw.length);
    ByteBuffer follows = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    boolean signed = bytes % 8 == 0;
    boolean wide = bytes >= 20;
    boolean agrees =
        (!signed || follows.getInt() == FOLLOWING_SIGNATURE)
            && Integer.toUnsignedLong(follows.getInt()) == member.crc()
            && size(follows, wide) == member.packed()
            && size(follows, wide) == member.size();
    return agrees ? next : member.end();
  }

  private static long size(ByteBuffer buffer, boolean wide) {
    return wide ? buffer.getLong() : Integer.toUnsignedLong(buffer.getInt());
  }

  /** Reads the next entry of the directory and the member's own header. */
  private ZipMember member(ByteBuffer directory) throws IOException {
    long position = end.directory() + directory.position();
    if (directory.remaining() < ENTRY_BYTES || directory.getInt() != ENTRY_SIGNATURE) {
      throw at(position, "the zip's directory has no entry here, expected one");
    }
    directory.getInt(); // versions
    int flags = Short.toUnsignedInt(directory.getShort());
    int method = Short.toUnsignedInt(directory.getShort());
    directory.getInt(); // time
    long crc = Integer.toUnsignedLong(directory.getInt());
    long packed = Integer.toUnsignedLong(directory.getInt());
    long size = Integer.toUnsignedLong(directory.getInt());
    int nameBytes = Short.toUnsignedInt(directory.getShort());
    int extraBytes = Short.toUnsignedInt(directory.getShort());
    int commentBytes = Short.toUnsignedInt(directory.getShort());
    directory.position(directory.position() + 8); // disk, attributes
    long header = Integer.toUnsignedLong(directory.getInt());
    if (directory.remaining() < nameBytes + extraBytes + commentBytes) {
      throw at(position, "an entry of the zip's directory goes beyond its end");
    }
    if (nameBytes > LONGEST_NAME) {
      throw at(
          position,
          "the name of a member has %d bytes, expected at most %d"
              .formatted(nameBytes, LONGEST_NAME));
    }
    byte[] rawName = new byte[nameBytes];
    directory.get(rawName);
    String name = name(rawName, position);
    ByteBuffer zip64 = zip64(directory, extraBytes);
    size = size == MAX32 ? long64(zip64, position) : size;
    packed = packed == MAX32 ? long64(zip64, position) : packed;
    header = header == MAX32 ? long64(zip64, position) : header;
    directory.position(directory.position() + commentBytes);
    if ((flags & ENCRYPTED) != 0) {
      throw at(position, "member %s is encrypted".formatted(name));
    }
    if (method != ZipMember.STORED && method != ZipMember.DEFLATED) {
      throw at(
          position,
          "member %s is packed by method %d, expected 0 (stored) or 8 (deflated)"
              .formatted(name, method));
    }
    ZipMember member = new ZipMember(name, method, crc, packed, size, header, 0);
    if (!member.isPlausible()) {
      throw at(
          position, "member %s cannot unpack %d bytes to %d bytes".formatted(name, packed, size));
    }
    return placed(member, rawName);
  }

  /** Finds the data after the member's own header, which must agree with the directory. */
  private ZipMember placed(ZipMember member, byte[] rawName) throws IOException {
    long position = member.header();
    long room = end.directory() - MEMBER_BYTES - rawName.length;
    if (position < 0 || position > room) {
      throw at(position, "member %s lies outside of the file".formatted(member.name()));
    }
    byte[] raw = new byte[MEMBER_BYTES + rawName.length];
    file.read(position, raw, 0, raw.length);
    ByteBuffer header = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    int flags = header.getShort(6);
    boolean sizesFollow = (flags & SIZES_FOLLOW) != 0;
    boolean agrees =
        header.getInt(0) == MEMBER_SIGNATURE
            && Short.toUnsignedInt(header.getShort(8)) == member.method()
            && Short.toUnsignedInt(header.getShort(26)) == rawName.length
            && Arrays.equals(raw, MEMBER_BYTES, raw.length, rawName, 0, rawName.length)
            && (sizesFollow
                || (Integer.toUnsignedLong(header.getInt(14)) == member.crc()
                    && agrees(header.getInt(18), member.packed())
                    && agrees(header.getInt(22), member.size())));
    if (!agrees) {
      throw at(
          position,
          "member %s has a header that contradicts the zip's directory".formatted(member.name()));
    }
    long data = position + raw.length + Short.toUnsignedInt(header.getShort(28));
    if (data > end.directory() || member.packed() > end.directory() - data) {
      throw at(position, "member %s runs into the zip's directory".formatted(member.name()));
    }
    return new ZipMember(
        member.name(),
        member.method(),
        member.crc(),
        member.packed(),
        member.size(),
        position,
        data);
  }

  private static boolean agrees(int stored, long expected) {
    long value = Integer.toUnsignedLong(stored);
    return value == expected || value == MAX32;
  }

  private String name(byte[] raw, long position) throws CorruptCheckpointException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw CorruptCheckpointException.at(
          file.name(), position, "the name of a member is not UTF-8", e);
    }
  }

  /** Finds the 64-bit sizes among the extra fields; moves past all extra fields. */
  private static ByteBuffer zip64(ByteBuffer directory, int extraBytes) {
    ByteBuffer found = ByteBuffer.allocate(0);
    int extraEnd = directory.position() + extraBytes;
    while (extraEnd - directory.position() >= 4) {
      int id = Short.toUnsignedInt(directory.getShort());
      int bytes = Short.toUnsignedInt(directory.getShort());
      bytes = Math.min(bytes, extraEnd - directory.position());
      if (id == ZIP64_EXTRA) {
        found = directory.slice(directory.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      directory.position(directory.position() + bytes);
    }
    directory.position(extraEnd);
    return found;
  }

  private long long64(ByteBuffer zip64, long position) throws CorruptCheckpointException {
    long value = zip64.remaining() < Long.BYTES ? -1 : zip64.getLong();
    if (value < 0) {
      throw at(position, "an entry of the zip's directory lacks its 64-bit sizes");
    }
    return value;
  }

  private CorruptCheckpointException at(long position, String problem) {
    return CorruptCheckpointException.at(file.name(), position, problem);
  }
}
