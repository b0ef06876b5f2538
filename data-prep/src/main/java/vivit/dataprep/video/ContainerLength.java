package vivit.dataprep.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Compares the length of a file with the length that its container states: the plainest sign of an
 * incomplete copy, which decoders overlook when only the end is missing. Reads the boxes of MP4 and
 * MOV, the segment of Matroska and WebM, the RIFF chunk of AVI, and the packets of MPEG-TS; does
 * not check other files.
 */
final class ContainerLength {
  private static final Set<String> FIRST_BOXES =
      Set.of("ftyp", "moov", "mdat", "wide", "free", "skip");
  private static final int BOX_HEADER = 16;
  private static final int MOST_BOXES = 100_000;
  private static final double AVI_SLACK = 0.01;
  private static final int TS_PACKET = 188;
  private static final int TS_SYNC = 0x47;
  private static final int EBML = 0x1A45DFA3;
  private static final int SEGMENT = 0x18538067;

  private final VideoInput in;
  private final long length;
  private int files; // that make up this one, as far as they can be told
  private boolean movie;
  private long movieStart; // of its box moov
  private long movieBytes;
  private boolean fragments;

  private ContainerLength(VideoInput in) {
    this.in = in;
    this.length = in.length();
  }

  /**
   * Findings about the outermost parts of a file.
   *
   * @param truncated names the part that is cut off; null if the length is as stated
   * @param indexed whether it is an MP4 or MOV file with the index of all samples in one place
   * @param joined whether it consists of several MP4, MOV, Matroska or WebM files
   */
  record Finding(UndecodableVideoException truncated, boolean indexed, boolean joined) {}

  /** Checks the outermost parts of a file. */
  static Finding check(VideoInput in) throws IOException {
    ContainerLength file = new ContainerLength(in);
    UndecodableVideoException truncated = null;
    try {
      file.check();
    } catch (UndecodableVideoException e) {
      truncated = e;
    }
    return new Finding(truncated, file.movie && !file.fragments, file.files > 1);
  }

  /**
   * Content of the box {@code moov} of an MP4 or QuickTime file, which has the tables of all
   * frames.
   *
   * @throws UndecodableVideoException if the file is truncated, or no such file
   */
  static ByteBuffer movie(VideoInput in, int mostBytes) throws IOException {
    ContainerLength file = new ContainerLength(in);
    file.check();
    if (file.files != 1 || file.movieBytes < BOX_HEADER) {
      throw new UndecodableVideoException("it is no MP4 file with one list of its frames");
    }
    if (file.movieBytes > mostBytes) {
      throw new UndecodableVideoException(
          "its list of frames has %d bytes, expected at most %d"
              .formatted(file.movieBytes, mostBytes));
    }
    int header = file.at(file.movieStart, BOX_HEADER).getInt(0) == 1 ? BOX_HEADER : 8;
    return file.at(file.movieStart + header, (int) file.movieBytes - header);
  }

  private void check() throws IOException {
    ByteBuffer head = at(0, BOX_HEADER);
    if (head.limit() < 12) {
      return;
    }
    String name = name(head, 4);
    if (FIRST_BOXES.contains(name)) {
      checkBoxes();
    } else if (head.getInt(0) == EBML) {
      checkSegment();
    } else if (name(head, 0).equals("RIFF") && name(head, 8).equals("AVI ")) {
      long announced = 8 + (head.order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xffffffffL);
      if (announced - length > AVI_SLACK * announced) { // some recorders write inexact headers
        throw truncated("RIFF chunk", 0, announced);
      }
    } else if (head.get(0) == TS_SYNC) {
      checkPackets();
    }
  }

  /** Checks the last of consecutive packets, which must be whole too. */
  private void checkPackets() throws IOException {
    long last = length - length % TS_PACKET;
    boolean packets = last > TS_PACKET && last < length;
    for (long at : new long[] {TS_PACKET, last - TS_PACKET, last}) {
      packets = packets && at(at, 1).get(0) == TS_SYNC;
    }
    if (packets) {
      throw truncated("packet", last, last + TS_PACKET);
    }
  }

  private void checkBoxes() throws IOException {
    long position = 0;
    for (int box = 0; box < MOST_BOXES && position + 8 <= length; box++) {
      ByteBuffer header = at(position, BOX_HEADER);
      if (header.limit() < 8) {
        return;
      }
      long size = header.getInt(0) & 0xffffffffL;
      if (size == 1 && header.limit() == BOX_HEADER) {
        size = header.getLong(8);
      }
      boolean moov = name(header, 4).equals("moov");
      movie |= moov;
      files += moov ? 1 : 0;
      fragments |= name(header, 4).equals("moof");
      if (moov) {
        movieStart = position;
        movieBytes = size == 0 ? length - position : size;
      }
      if (size < 8) { // 0 means up to the end of the file; the demuxer handles invalid sizes
        fragments |= size != 0;
        return;
      }
      if (size > length - position) {
        throw truncated("box " + name(header, 4), position, position + size);
      }
      position += size;
    }
  }

  private void checkSegment() throws IOException {
    long position = 4;
    Vint headerSize = vint(position);
    if (headerSize.bytes == 0 || headerSize.unknown) {
      return;
    }
    position += headerSize.bytes + headerSize.value;
    ByteBuffer id = at(position, 4);
    if (id.limit() < 4 || id.getInt(0) != SEGMENT) {
      return;
    }
    Vint segment = vint(position + 4);
    long end = position + 4 + segment.bytes + segment.value;
    if (segment.bytes > 0 && !segment.unknown) {
      if (end > length) {
        throw truncated("segment", position, end);
      }
      ByteBuffer next = at(end, 4);
      files = next.limit() == 4 && next.getInt(0) == EBML ? 2 : 1;
    }
  }

  /** A Matroska number of 1 to 8 bytes; all bits set means unknown. */
  private record Vint(int bytes, long value, boolean unknown) {}

  private Vint vint(long position) throws IOException {
    ByteBuffer bytes = at(position, 8);
    int size = bytes.limit() == 0 ? 9 : Integer.numberOfLeadingZeros(bytes.get(0) & 0xff) - 24 + 1;
    if (size > bytes.limit()) {
      return new Vint(0, 0, false);
    }
    long value = (bytes.get(0) & 0xff) & ((1 << (8 - size)) - 1);
    for (int i = 1; i < size; i++) {
      value = value << 8 | (bytes.get(i) & 0xff);
    }
    return new Vint(size, value, value == (1L << (7 * size)) - 1);
  }

  /** Reads up to {@code count} bytes, fewer at the end of the file. */
  private ByteBuffer at(long position, int count) throws IOException {
    byte[] bytes = new byte[(int) Math.max(0, Math.min(count, length - position))];
    for (int filled = 0; filled < bytes.length; ) {
      int found = in.read(position + filled, bytes, filled, bytes.length - filled);
      if (found < 0) {
        throw UndecodableVideoException.atByte(
            position + filled, "the file became shorter while it was read");
      }
      filled += found;
    }
    return ByteBuffer.wrap(bytes);
  }

  private UndecodableVideoException truncated(String part, long position, long end) {
    return UndecodableVideoException.atByte(
        length,
        "it is truncated: its %s at byte %d goes on to byte %d, the file has %d"
            .formatted(part, position, end, length));
  }

  private static String name(ByteBuffer bytes, int position) {
    return StandardCharsets.ISO_8859_1.decode(bytes.slice(position, 4)).toString();
  }
}
