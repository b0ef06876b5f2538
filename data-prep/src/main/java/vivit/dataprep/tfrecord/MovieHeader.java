package vivit.dataprep.tfrecord;

import static vivit.dataprep.video.MovieBoxes.box;
import static vivit.dataprep.video.MovieBoxes.ints;
import static vivit.dataprep.video.MovieBoxes.join;
import static vivit.dataprep.video.MovieBoxes.longBox;
import static vivit.dataprep.video.MovieBoxes.longs;
import static vivit.dataprep.video.MovieBoxes.media;
import static vivit.dataprep.video.MovieBoxes.movieHeader;
import static vivit.dataprep.video.MovieBoxes.text;

import java.util.List;
import vivit.dataprep.tfrecord.WireReader.ByteRange;
import vivit.dataprep.video.MovieBoxes;

/**
 * The header of a QuickTime movie whose samples are JPEG images anywhere in the bytes that follow:
 * tables of their times, sizes and places. A decoder can thus seek to any frame without reading
 * other frames, and counts frames as the record does.
 *
 * @see <a href="https://developer.apple.com/documentation/quicktime-file-format">QuickTime File
 *     Format</a>
 */
final class MovieHeader {
  private static final int RESOLUTION = 72 << 16;

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
    byte[] type = box("ftyp", text("qt  "), ints(0x200), text("qt  "));
    byte[] mediaBox = longBox("mdat", media.length());
    int length = type.length + movie(0).length + mediaBox.length;
    return join(type, movie(length - media.start()), mediaBox);
  }

  /**
   * The box with all tables.
   *
   * @param shift added to a place in the shard to get the place in the movie
   */
  private byte[] movie(long shift) {
    int duration = times[times.length - 1];
    byte[] trackHeader = ints(0x0f, 0, 0, 1, 0, duration, 0, 0, 0, 0);
    return box(
        "moov",
        movieHeader(timescale, duration, MovieBoxes.matrix()),
        box(
            "trak",
            box(
                "tkhd",
                trackHeader,
                MovieBoxes.matrix(),
                ints(size.width() << 16, size.height() << 16)),
            media(timescale, duration, samples(shift))));
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
}
