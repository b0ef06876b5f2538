package vivit.dataprep.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/** Text of an annotation file: UTF-8, with or without a byte order mark. */
final class AnnotationText {
  /** Most characters of a line, and of a cell. */
  static final int MOST_IN_A_LINE = 1 << 16;

  private static final Pattern BLANKS = Pattern.compile("[\\p{Z}\\s]+");

  /** Format characters, except the two joiners, which change how a word is written. */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}&&[^\\u200c\\u200d]]");

  private static final int PIECE = 1 << 13;

  private AnnotationText() {}

  /**
   * Reads a whole file.
   *
   * @throws SourceException if it is empty, not UTF-8, or has more text, lines or characters in a
   *     line than any list, with the position
   */
  static String read(FileSystem fs, Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = WholeFile.read(fs, file, WholeFile.mostText());
    } catch (OversizedFileException e) {
      throw wrong(file + ": " + e.getMessage());
    }
    if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
      throw wrong(file + ": found UTF-16 text, expected UTF-8; convert it");
    }
    check(file, bytes);
    String text = new String(bytes, StandardCharsets.UTF_8);
    text = text.startsWith("\ufeff") ? text.substring(1) : text; // a byte order mark
    if (text.isBlank()) {
      throw wrong(file + ": the file is empty");
    }
    return text;
  }

  /** Refuses bytes that are not UTF-8, and lines that are too many or too long. */
  private static void check(Path file, byte[] bytes) throws SourceException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(PIECE);
    boolean json = bytes.length > 0 && (bytes[0] == '[' || bytes[0] == '{'); // may be one line
    long line = 1;
    long length = 0;
    CoderResult result;
    do {
      result = decoder.decode(in, out, true);
      out.flip();
      while (out.hasRemaining()) {
        boolean ends = out.get() == '\n';
        line += ends ? 1 : 0;
        length = ends ? 0 : length + 1;
        if (length > MOST_IN_A_LINE && !json) {
          throw wrong(
              "%s: %d: found a line of more than %d characters, expected a video or a class"
                  .formatted(file, line, MOST_IN_A_LINE));
        }
      }
      if (line - 1 > WholeFile.mostRows()) {
        throw wrong(
            file
                + ": "
                + new OversizedFileException(
                        "more than %d lines".formatted(line), WholeFile.mostRows())
                    .getMessage());
      }
      out.clear();
    } while (result.isOverflow());
    if (result.isError()) {
      throw wrong(
          "%s: %d: found byte 0x%02X, which is not UTF-8 text; convert it"
              .formatted(file, line, bytes[in.position()]));
    }
  }

  private static SourceException wrong(String problem) {
    return new SourceException(List.of(problem));
  }

  /** Converts to the composed form; names from a Mac are decomposed. */
  static String composed(String text) {
    return Normalizer.isNormalized(text, Normalizer.Form.NFC)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /**
   * A class name as it is stored: composed, without blanks around it, with one ordinary blank for
   * any run of blanks of any kind, and without invisible characters but those that join or part
   * letters.
   */
  static String cleaned(String name) {
    return BLANKS.matcher(INVISIBLE.matcher(composed(name)).replaceAll("")).replaceAll(" ").strip();
  }

  /** Whether the text is the same in all normal forms. */
  static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean startsWith(byte[] bytes, int first, int second) {
    return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
  }
}
