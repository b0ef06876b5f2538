package vivit.dataprep.tfrecord;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import vivit.dataprep.tfrecord.WireReader.ByteRange;

/**
 * The header of a QuickTime movie whose samples are JPEG images anywhere in the bytes that follow:
 * tables of their times, sizes and places. A decoder can thus seek to any frame without reading
 * other frames, and counts frames as the record does.
 *
 * @see <a href="https://developer.apple.com/documentation/quicktime-file-format">QuickTime File
 *     Format</a>
 */
final class MovieHeader {
  private static final int UNITY = 0x00010000; // 1.0 in 16.16
  private static final int[] MATRIX = {UNITY, 0, 0, 0, UNITY, 0, 0, 0, 0x40000000};
  private static final int RESOLUTION = 72 << 16;
  private static final int LONG_BOX_HEADER = 16;

  private final List<ByteRange> images;
  private final JpegImage.JpegSize size;
  private final int[] times;
  private final int timescale;

  /**
   * Describes a movie.
   *
   * @param images places of the frames in the shard
   * @param size of the first frame
   * @param times when each frame is shown, and when the last one ends, in ticks
   * @param timescale ticks per second
   */
  MovieHeader(List<ByteRange> images, JpegImage.JpegSize size, int[] times, int timescale) {
    this.images = images;
    this.size = size;
    this.times = times;
    this.timescale = timescale;
  }

  /**
   * The bytes of the movie before its media.
   *
   * @param media the part of the shard that follows them and holds all images
   */
  byte[] bytes(ByteRange media) {
    byte[] type =
        box(
            "ftyp",
            "qt  ".getBytes(StandardCharsets.ISO_8859_1),
            ints(0x200),
            "qt  ".getBytes(StandardCharsets.ISO_8859_1));
    int length = type.length + movie(0).length + LONG_BOX_HEADER;
    long mediaBox = LONG_BOX_HEADER + media.length();
    return join(
        type,
        movie(length - media.start()),
        join(ints(1), "mdat".getBytes(StandardCharsets.ISO_8859_1), longs(mediaBox)));
  }

  /**
   * The box with all tables.
   *
   * @param shift added to a place in the shard to get the place in the movie
   */
  private byte[] movie(long shift) {
    int duration = times[times.length - 1];
    byte[] header = ints(0, 0, 0, timescale, duration, UNITY, 0x01000000, 0, 0);
    byte[] end = ints(0, 0, 0, 0, 0, 0, 2);
    byte[] trackHeader = ints(0x0f, 0, 0, 1, 0, duration, 0, 0, 0, 0);
    return box(
        "moov",
        box("mvhd", header, ints(MATRIX), end),
        box(
            "trak",
            box("tkhd", trackHeader, ints(MATRIX), ints(size.width() << 16, size.height() << 16)),
            box(
                "mdia",
                box("mdhd", ints(0, 0, 0, timescale, duration, 0)),
                box(
                    "hdlr",
                    ints(0),
                    "mhlrvide".getBytes(StandardCharsets.ISO_8859_1),
                    ints(0, 0, 0),
                    new byte[1]),
                box(
                    "minf",
                    box("vmhd", ints(1, 0, 0)),
                    box("dinf", box("dref", ints(0, 1), box("url ", ints(1)))),
                    samples(shift)))));
  }

  private byte[] samples(long shift) {
    int count = images.size();
    int[] durations = new int[2 + 2 * count];
    int[] sizes = new int[3 + count];
    long[] places = new long[count];
    durations[1] = count;
    sizes[2] = count;
    for (int i = 0; i < count; i++) {
      durations[2 + 2 * i] = 1;
      durations[3 + 2 * i] = times[i + 1] - times[i];
      sizes[3 + i] = (int) images.get(i).length();
      places[i] = images.get(i).start() + shift;
    }
    return box(
        "stbl",
        box("stsd", ints(0, 1), description()),
        box("stts", ints(durations)),
        box("stsc", ints(0, 1, 1, 1, 1)),
        box("stsz", ints(sizes)),
        box("co64", ints(0, count), longs(places)));
  }

  private byte[] description() {
    return box(
        "jpeg",
        ints(0, 1, 0, 0, 0, 0, size.width() << 16 | size.height(), RESOLUTION, RESOLUTION, 0),
        ints(1 << 16), // one frame per sample, and the first half of the name
        new byte[30],
        ints(24 << 16 | 0xffff)); // depth, no colour table
  }

  private static byte[] box(String name, byte[]... parts) {
    byte[] content = join(parts);
    return join(ints(8 + content.length), name.getBytes(StandardCharsets.ISO_8859_1), content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] ints(int... values) {
    return bytes(
        values.length * 4,
        out -> {
          for (int value : values) {
            out.writeInt(value);
          }
        });
  }

  private static byte[] longs(long... values) {
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
