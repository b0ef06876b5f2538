package vivit.dataprep.video;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A video track of an MP4 or QuickTime file: when its samples (a frame each) are shown, and where
 * they lie.
 *
 * @param timescale ticks per second
 * @param movieMatrix of all pictures of the file
 * @param flags of the track's header
 * @param shape matrix, width and height, as the track's header has them
 * @param description codec and size of the samples, and the codec's own header, without bit rates
 * @param durations of the samples, in ticks
 * @param offsets for every sample the ticks from its decoding to when it is shown
 * @param keys for every sample whether it is a key frame
 * @param sizes of the samples in bytes
 * @param places of the samples in the file
 * @see <a href="https://developer.apple.com/documentation/quicktime-file-format">QuickTime File
 *     Format</a>
 */
record MovieTrack(
    int timescale,
    ByteBuffer movieMatrix,
    int flags,
    ByteBuffer shape,
    ByteBuffer description,
    int[] durations,
    int[] offsets,
    boolean[] keys,
    int[] sizes,
    long[] places) {
  private static final int CODEC_AT = 4; // in a description
  private static final int WIDTH_AT = 32;
  private static final int HEIGHT_AT = 34;

  /**
   * Reads the video tracks of a file.
   *
   * @param movie content of its box {@code moov}
   * @param length of the file in bytes
   * @param mostSamples of all tracks
   * @throws UndecodableVideoException if tables are missing or damaged, or the track does not show
   *     all of its samples
   */
  static List<MovieTrack> read(ByteBuffer movie, long length, int mostSamples)
      throws UndecodableVideoException {
    BoxList boxes = BoxList.of(movie);
    if (boxes.has("mvex")) {
      throw new UndecodableVideoException("it is fragmented, so that its header lists no frames");
    }
    ByteBuffer header = boxes.only("mvhd");
    int left = mostSamples;
    List<MovieTrack> tracks = new ArrayList<>();
    for (ByteBuffer content : boxes.all("trak")) {
      BoxList track = BoxList.of(content);
      BoxList media = BoxList.of(track.only("mdia"));
      if (BoxList.text(media.only("hdlr"), 8).equals("vide")) {
        MovieTables tables = new MovieTables(header, track, media, length);
        if (tables.samples() > left) {
          throw new UndecodableVideoException(
              "found %d frames, expected at most %d in all files"
                  .formatted(tables.samples(), left));
        }
        if (tables.samples() > 0) {
          tracks.add(tables.track());
        }
        left -= tables.samples();
      }
    }
    if (tracks.isEmpty()) {
      throw UndecodableVideoException.noVideo("it has no video stream");
    }
    return tracks;
  }

  /**
   * The tracks of several files as one: each begins when the last frame of the one before it ends.
   *
   * @param starts added to the places in each file
   * @throws ArithmeticException if times are too far apart for an MP4 file
   */
  static MovieTrack joined(List<MovieTrack> parts, long[] starts) {
    int count = parts.stream().mapToInt(MovieTrack::samples).sum();
    MovieTrack first = parts.get(0);
    MovieTrack all =
        new MovieTrack(
            first.timescale,
            first.movieMatrix,
            first.flags,
            first.shape,
            first.description,
            new int[count],
            new int[count],
            new boolean[count],
            new int[count],
            new long[count]);
    int from = 0;
    long decoded = 0;
    long shown = Math.max(0, first.first());
    for (int part = 0; part < parts.size(); part++) {
      MovieTrack one = parts.get(part);
      int shift = Math.toIntExact(shown - decoded - one.first());
      for (int i = 0; i < one.samples(); i++) {
        all.offsets[from + i] = Math.addExact(one.offsets[i], shift);
        all.places[from + i] = one.places[i] + starts[part];
      }
      System.arraycopy(one.durations, 0, all.durations, from, one.samples());
      System.arraycopy(one.keys, 0, all.keys, from, one.samples());
      System.arraycopy(one.sizes, 0, all.sizes, from, one.samples());
      from += one.samples();
      decoded += Arrays.stream(one.durations).asLongStream().sum();
      shown += one.end() - one.first();
    }
    return all;
  }

  /** Name of the codec's format, and size of the frames. */
  String picture() {
    return "%s, %d x %d"
        .formatted(
            StandardCharsets.ISO_8859_1.decode(description.slice(CODEC_AT, 4)),
            description.getShort(WIDTH_AT) & 0xffff,
            description.getShort(HEIGHT_AT) & 0xffff);
  }

  /** Number of samples. */
  int samples() {
    return sizes.length;
  }

  /** When the first frame is shown, in ticks after the first sample is decoded. */
  long first() {
    return LongStream.of(shown()).min().orElseThrow();
  }

  /** When the last frame is shown, in the same ticks. */
  long last() {
    return LongStream.of(shown()).max().orElseThrow();
  }

  /**
   * When the last frame ends, in the same ticks. Durations are from one decoding to the next; only
   * that of the sample decoded last is that of a frame.
   */
  long end() {
    return last() + durations[durations.length - 1];
  }

  /** When each frame is shown, in the same ticks. */
  private long[] shown() {
    long[] shown = new long[offsets.length];
    long decoded = 0;
    for (int i = 0; i < offsets.length; i++) {
      shown[i] = decoded + offsets[i];
      decoded += durations[i];
    }
    return shown;
  }
}
