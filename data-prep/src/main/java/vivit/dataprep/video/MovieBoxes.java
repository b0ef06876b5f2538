package vivit.dataprep.video;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of the boxes that make up an MP4 or QuickTime file.
 *
 * @see <a href="https://developer.apple.com/documentation/quicktime-file-format">QuickTime File
 *     Format</a>
 */
public final class MovieBoxes {
  private static final int UNITY = 0x00010000; // 1.0 in 16.16

  private MovieBoxes() {}

  /** A box: its length, its name of four characters and its content. */
  public static byte[] box(String name, byte[]... parts) {
    byte[] content = join(parts);
    return join(ints(8 + content.length), text(name), content);
  }

  /** The first bytes of a box whose content is too long for memory, or for an {@code int}. */
  public static byte[] longBox(String name, long contentBytes) {
    return join(ints(1), text(name), longs(16 + contentBytes));
  }

  /**
   * The header of a movie.
   *
   * @param matrix of its pictures
   */
  public static byte[] movieHeader(int timescale, long duration, byte[] matrix) {
    byte[] header = join(ints(1 << 24), longs(0, 0), ints(timescale), longs(duration));
    return box("mvhd", header, ints(UNITY, 0x01000000, 0, 0), matrix, ints(0, 0, 0, 0, 0, 0, 2));
  }

  /** The matrix of a picture that is shown as it is stored. */
  public static byte[] matrix() {
    return ints(UNITY, 0, 0, 0, UNITY, 0, 0, 0, 0x40000000);
  }

  /** The part of a video track between its header and its samples. */
  public static byte[] media(int timescale, long duration, byte[] samples) {
    return box(
        "mdia",
        box("mdhd", ints(1 << 24), longs(0, 0), ints(timescale), longs(duration), ints(0)),
        box("hdlr", ints(0), text("mhlrvide"), ints(0, 0, 0), new byte[1]),
        box(
            "minf",
            box("vmhd", ints(1, 0, 0)),
            box("dinf", box("dref", ints(0, 1), box("url ", ints(1)))),
            samples));
  }

  /** Bytes one after the other. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** The bytes of characters of Latin-1. */
  public static byte[] text(String characters) {
    return characters.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Numbers of 32 bits. */
  public static byte[] ints(int... values) {
    return bytes(
        values.length * 4,
        out -> {
          for (int value : values) {
            out.writeInt(value);
          }
        });
  }

  /** Numbers of 64 bits. */
  public static byte[] longs(long... values) {
    return bytes(
        values.length * 8,
        out -> {
          for (long value : values) {
            out.writeLong(value);
          }
        });
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(int count, Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(count);
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("Memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
