package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the fields of a protobuf message one after the other, and their values only on request.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol buffers: encoding</a>
 */
final class WireReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int MOST_TEXT_BYTES = 1 << 12; // names of features, files and classes

  private final ByteWindow bytes;
  private final long end;
  private long at;
  private int field;
  private int type;
  private long value;

  /** Bytes of a message or text inside a shard. */
  record ByteRange(long start, long end) {
    long length() {
      return end - start;
    }
  }

  WireReader(ByteWindow bytes, ByteRange message) {
    this.bytes = bytes;
    this.at = message.start();
    this.end = message.end();
  }

  /**
   * Moves to the next field and past its value.
   *
   * @return false at the end of the message
   * @throws DamagedRecordException if these bytes are not a message
   */
  boolean next() throws IOException {
    if (at == end) {
      return false;
    }
    long start = at;
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw damaged(start, "found field number %d".formatted(tag >>> 3));
    }
    switch (type) {
      case VARINT -> value = varint();
      case FIXED64 -> value = skip(start, 8);
      case LENGTH_DELIMITED -> {
        long length = varint();
        value = skip(start, length);
      }
      case FIXED32 -> value = skip(start, 4);
      default -> throw damaged(start, "found wire type " + type);
    }
    return true;
  }

  /** Whether this field has this {@code number} and is a message or text. */
  boolean isRange(int number) {
    return field == number && type == LENGTH_DELIMITED;
  }

  /** Number of the field. */
  int field() {
    return field;
  }

  /** The bytes of this field's value; for a message or text. */
  ByteRange range() {
    return new ByteRange(value, at);
  }

  /** The fields of the message in this field. */
  WireReader message() {
    return new WireReader(bytes, range());
  }

  /** The text of these bytes. */
  static String text(ByteWindow bytes, ByteRange range) throws IOException {
    if (range.length() > MOST_TEXT_BYTES) {
      throw damaged(
          range.start(),
          "found a text of %d bytes, expected at most %d"
              .formatted(range.length(), MOST_TEXT_BYTES));
    }
    byte[] utf8 = new byte[(int) range.length()];
    for (int i = 0; i < utf8.length; i++) {
      utf8[i] = (byte) bytes.at(range.start() + i);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw damaged(range.start(), "found a text that is not UTF-8");
    }
  }

  /**
   * Adds the whole numbers of this field, one or packed ones, to those of the fields before it.
   *
   * @throws DamagedRecordException if there are more than {@code most} then
   */
  void numbers(List<Long> numbers, int most) throws IOException {
    if (type == VARINT) {
      add(value, numbers, most);
      return;
    }
    if (type != LENGTH_DELIMITED) {
      throw damaged(value, "found wire type %d, expected whole numbers".formatted(type));
    }
    WireReader packed = message();
    while (packed.at < packed.end) {
      add(packed.varint(), numbers, most);
    }
  }

  private void add(long number, List<Long> numbers, int most) throws DamagedRecordException {
    if (numbers.size() == most) {
      throw damaged(at, "found more than %d numbers in a feature".formatted(most));
    }
    numbers.add(number);
  }

  private long skip(long start, long length) throws DamagedRecordException {
    if (length < 0 || length > end - at) {
      throw damaged(
          start,
          "field %d has %d bytes, the message around it %d more"
              .formatted(field, length, end - at));
    }
    long from = at;
    at += length;
    return from;
  }

  private long varint() throws IOException {
    long start = at;
    long number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int part = at < end ? bytes.at(at) : -1;
      if (part < 0) {
        throw damaged(start, "a number breaks off");
      }
      at++;
      number |= (long) (part & 0x7f) << shift;
      if (part < 0x80) {
        return number;
      }
    }
    throw damaged(start, "found a number of more than 10 bytes");
  }

  private static DamagedRecordException damaged(long position, String what) {
    return new DamagedRecordException(
        position, "the record is no SequenceExample: " + what + " at byte " + position);
  }
}
