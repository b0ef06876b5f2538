package vivit.dataprep.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Text of an annotation file: UTF-8, with or without a byte order mark. */
final class AnnotationText {
  private AnnotationText() {}

  /**
   * Reads a whole file.
   *
   * @throws SourceException if it is empty or not UTF-8, with the position
   */
  static String read(FileSystem fs, Path file) throws IOException {
    byte[] bytes;
    try (FSDataInputStream in = fs.open(file)) {
      bytes = in.readAllBytes();
    }
    if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
      throw new SourceException(List.of(file + ": found UTF-16 text, expected UTF-8; convert it"));
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      long line = 1 + out.chars().filter(c -> c == '\n').count();
      throw new SourceException(
          List.of(
              "%s: %d: found byte 0x%02X, which is not UTF-8 text; convert it"
                  .formatted(file, line, bytes[in.position()])));
    }
    String text = out.toString();
    text = text.startsWith("\ufeff") ? text.substring(1) : text; // a byte order mark
    if (text.isBlank()) {
      throw new SourceException(List.of(file + ": the file is empty"));
    }
    return text;
  }

  /** Converts to the composed form; names from a Mac are decomposed. */
  static String composed(String text) {
    return Normalizer.isNormalized(text, Normalizer.Form.NFC)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** Whether the text is the same in all normal forms. */
  static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean startsWith(byte[] bytes, int first, int second) {
    return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
  }
}
