package vivit.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the msgpack tokens of a file in order through a window; checks every step against the end
 * of the file.
 */
final class MsgpackCursor {

  private static final int WINDOW = 1 << 16;

  private final Bytes file;
  private final byte[] window;
  private long windowStart;
  private int windowBytes;
  private long position;

  MsgpackCursor(Bytes file) {
    this.file = file;
    this.window = new byte[(int) Math.min(WINDOW, file.size())];
  }

  /** Kinds of tokens. */
  enum TokenKind {
    NIL,
    BOOLEAN,
    INTEGER,
    /** An integer that does not fit a {@code long}. */
    HUGE_INTEGER,
    FLOAT,
    TEXT,
    BINARY,
    ARRAY,
    MAP,
    EXTENSION
  }

  /**
   * The head of a value.
   *
   * @param value the integer, 0 or 1 for a boolean, or the number of bytes, items or pairs that
   *     follow
   * @param extension type number of an extension
   * @param position first byte of the token
   */
  record Token(TokenKind kind, long value, int extension, long position) {}

  long position() {
    return position;
  }

  boolean atEnd() {
    return position == file.size();
  }

  /** Reads the head of the next value; refuses sizes beyond the end of the file. */
  Token next() throws IOException {
    long start = position;
    int head = (int) unsigned(1);
    if (head <= 0x7F || head >= 0xE0) {
      return new Token(TokenKind.INTEGER, (byte) head, 0, start);
    }
    if (head <= 0x8F) {
      return sized(TokenKind.MAP, head & 0x0F, start);
    }
    if (head <= 0x9F) {
      return sized(TokenKind.ARRAY, head & 0x0F, start);
    }
    if (head <= 0xBF) {
      return sized(TokenKind.TEXT, head & 0x1F, start);
    }
    return switch (head) {
      case 0xC0 -> new Token(TokenKind.NIL, 0, 0, start);
      case 0xC2, 0xC3 -> new Token(TokenKind.BOOLEAN, head - 0xC2, 0, start);
      case 0xC4, 0xC5, 0xC6 -> sized(TokenKind.BINARY, unsigned(1 << (head - 0xC4)), start);
      case 0xC7, 0xC8, 0xC9 -> extension(unsigned(1 << (head - 0xC7)), start);
      case 0xCA -> new Token(TokenKind.FLOAT, unsigned(4), 0, start);
      case 0xCB -> new Token(TokenKind.FLOAT, unsigned(8), 0, start);
      case 0xCC, 0xCD, 0xCE -> new Token(TokenKind.INTEGER, unsigned(1 << (head - 0xCC)), 0, start);
      case 0xCF -> {
        long value = unsigned(8);
        yield new Token(value < 0 ? TokenKind.HUGE_INTEGER : TokenKind.INTEGER, value, 0, start);
      }
      case 0xD0 -> new Token(TokenKind.INTEGER, (byte) unsigned(1), 0, start);
      case 0xD1 -> new Token(TokenKind.INTEGER, (short) unsigned(2), 0, start);
      case 0xD2 -> new Token(TokenKind.INTEGER, (int) unsigned(4), 0, start);
      case 0xD3 -> new Token(TokenKind.INTEGER, unsigned(8), 0, start);
      case 0xD4, 0xD5, 0xD6, 0xD7, 0xD8 -> extension(1L << (head - 0xD4), start);
      case 0xD9, 0xDA, 0xDB -> sized(TokenKind.TEXT, unsigned(1 << (head - 0xD9)), start);
      case 0xDC, 0xDD -> sized(TokenKind.ARRAY, unsigned(2 << (head - 0xDC)), start);
      case 0xDE, 0xDF -> sized(TokenKind.MAP, unsigned(2 << (head - 0xDE)), start);
      default -> throw at(start, "byte 0x%02x begins no msgpack value".formatted(head));
    };
  }

  /** Reads a text or binary of at most {@code most} bytes. */
  String text(Token token, int most) throws IOException {
    if (token.kind() != TokenKind.TEXT && token.kind() != TokenKind.BINARY) {
      throw at(token.position(), "found %s, expected a text".formatted(token.kind()));
    }
    if (token.value() > most) {
      throw at(
          token.position(),
          "found a text of %d bytes, expected at most %d".formatted(token.value(), most));
    }
    byte[] raw = new byte[(int) token.value()];
    file.read(position, raw, 0, raw.length);
    position += raw.length;
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw));
      return text.toString();
    } catch (CharacterCodingException e) {
      throw CorruptCheckpointException.at(file.name(), token.position(), "a text is not UTF-8", e);
    }
  }

  /** Skips bytes within the file. */
  void skip(long bytes) {
    position += bytes;
  }

  /** Skips the rest of a value whose head was read, with all its contents. */
  void skipInside(Token token) throws IOException {
    long open = inside(token);
    while (open > 0) {
      open += inside(next()) - 1;
    }
  }

  /** Skips the bytes of a value; returns the number of values that it contains. */
  private long inside(Token token) throws IOException {
    return switch (token.kind()) {
      case TEXT, BINARY, EXTENSION -> {
        skip(token.value());
        yield 0;
      }
      case ARRAY -> token.value();
      case MAP -> 2 * token.value();
      default -> 0;
    };
  }

  CorruptCheckpointException at(long place, String problem) {
    return CorruptCheckpointException.at(file.name(), place, problem);
  }

  private Token extension(long bytes, long start) throws IOException {
    int type = (byte) unsigned(1);
    require(bytes, start, TokenKind.EXTENSION);
    return new Token(TokenKind.EXTENSION, bytes, type, start);
  }

  /** Every item takes at least one byte and every pair two, so an impossible size shows at once. */
  private Token sized(TokenKind kind, long count, long start) throws CorruptCheckpointException {
    require(kind == TokenKind.MAP ? 2 * count : count, start, kind);
    return new Token(kind, count, 0, start);
  }

  private void require(long bytes, long start, TokenKind kind) throws CorruptCheckpointException {
    if (bytes > file.size() - position) {
      throw at(
          start,
          "%s claims %d bytes or more, but the file ends %d bytes later; truncated or damaged"
              .formatted(kind, bytes, file.size() - position));
    }
  }

  private long unsigned(int bytes) throws IOException {
    if (file.size() - position < bytes) {
      throw at(position, "truncated inside a msgpack value");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long offset = position - windowStart;
      if (offset < 0 || offset >= windowBytes) {
        windowStart = position;
        windowBytes = (int) Math.min(window.length, file.size() - position);
        file.read(position, window, 0, windowBytes);
        offset = 0;
      }
      value = (value << 8) | (window[(int) offset] & 0xFF);
      position++;
    }
    return value;
  }
}
