package vivit.dataprep.video;

import static vivit.dataprep.video.MovieBoxes.box;
import static vivit.dataprep.video.MovieBoxes.ints;
import static vivit.dataprep.video.MovieBoxes.join;
import static vivit.dataprep.video.MovieBoxes.longBox;
import static vivit.dataprep.video.MovieBoxes.longs;
import static vivit.dataprep.video.MovieBoxes.media;
import static vivit.dataprep.video.MovieBoxes.movieHeader;
import static vivit.dataprep.video.MovieBoxes.text;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Presents the MP4 files of one recording as one: a generated header, whose media are the bytes of
 * all files, read on demand. Every frame of every file is shown once, each file's first one when
 * the last one before it ends; sound and other tracks are left out.
 */
public final class JoinedMovie implements VideoInput {
  private static final int MOST_HEADER_BYTES = 1 << 26;

  private final List<VideoInput> files;
  private final long[] starts; // of the files, after the header; the last is the end
  private final byte[] header;

  private JoinedMovie(List<VideoInput> files, long[] starts, byte[] header) {
    this.files = files;
    this.starts = starts;
    this.header = header;
  }

  /**
   * Opens the files of a recording, in order.
   *
   * @throws UndecodableVideoException naming the file if one is missing, damaged or not like the
   *     first
   * @throws IOException if the storage fails
   */
  public static JoinedMovie open(FileSystem fs, List<Path> files) throws IOException {
    List<VideoInput> open = new ArrayList<>();
    List<List<MovieTrack>> tracks = new ArrayList<>();
    try {
      for (Path file : files) {
        try {
          VideoInput in = HadoopVideoInput.open(fs, file);
          open.add(in);
          tracks.add(MovieTrack.read(ContainerLength.movie(in, MOST_HEADER_BYTES), in.length()));
          requireAlike(tracks.get(0), tracks.get(tracks.size() - 1));
        } catch (UndecodableVideoException e) {
          throw new UndecodableVideoException(
              e.kind(),
              "its file %s cannot be joined to the others: %s"
                  .formatted(file.getName(), e.getMessage()),
              e.position());
        }
      }
      return of(open, tracks);
    } catch (IOException | RuntimeException e) {
      close(open);
      throw e;
    }
  }

  private static JoinedMovie of(List<VideoInput> files, List<List<MovieTrack>> tracks)
      throws UndecodableVideoException {
    long[] starts = new long[files.size() + 1];
    for (int i = 0; i < files.size(); i++) {
      starts[i + 1] = starts[i] + files.get(i).length();
    }
    byte[] type = box("ftyp", text("isom"), ints(0x200), text("isom"));
    byte[] mediaBox = longBox("mdat", starts[files.size()]);
    int length = type.length + movie(tracks, starts, 0).length + mediaBox.length;
    return new JoinedMovie(files, starts, join(type, movie(tracks, starts, length), mediaBox));
  }

  private static void requireAlike(List<MovieTrack> first, List<MovieTrack> other)
      throws UndecodableVideoException {
    require("video streams", other.size(), first.size());
    for (int i = 0; i < first.size(); i++) {
      MovieTrack expected = first.get(i);
      MovieTrack found = other.get(i);
      require("picture", found.picture(), expected.picture());
      require("ticks per second", found.timescale(), expected.timescale());
      boolean alike =
          found.shape().equals(expected.shape())
              && found.description().equals(expected.description());
      if (!alike) {
        throw new UndecodableVideoException(
            "found another rotation or header of the codec than in the first file");
      }
    }
  }

  private static void require(String what, Object found, Object expected)
      throws UndecodableVideoException {
    if (!found.equals(expected)) {
      throw new UndecodableVideoException(
          "%s: found %s, expected %s as in the first file".formatted(what, found, expected));
    }
  }

  /**
   * The box with all tables.
   *
   * @param tracks of every file
   * @param shift added to a place in the files to get the place in the movie
   */
  private static byte[] movie(List<List<MovieTrack>> tracks, long[] starts, long shift)
      throws UndecodableVideoException {
    int timescale = tracks.get(0).get(0).timescale();
    long longest = 0;
    ByteArrayOutputStream boxes = new ByteArrayOutputStream();
    for (int i = 0; i < tracks.get(0).size(); i++) {
      int number = i;
      List<MovieTrack> parts = tracks.stream().map(file -> file.get(number)).toList();
      MovieTrack all = MovieTrack.joined(parts, starts);
      long duration = Math.round((double) all.duration() / all.timescale() * timescale);
      longest = Math.max(longest, duration);
      boxes.writeBytes(track(all, number + 1, duration, shift));
    }
    return box("moov", movieHeader(timescale, longest), boxes.toByteArray());
  }

  /**
   * The box of a track.
   *
   * @param duration in ticks of the movie
   */
  private static byte[] track(MovieTrack track, int number, long duration, long shift) {
    byte[] header =
        join(
            ints(1 << 24 | track.flags()),
            longs(0, 0),
            ints(number, 0),
            longs(duration),
            ints(0, 0, 0, 0),
            bytes(track.shape()));
    byte[] edit = join(ints(1 << 24, 1), longs(duration, track.first()), ints(1 << 16));
    return box(
        "trak",
        box("tkhd", header),
        box("edts", box("elst", edit)),
        media(track.timescale(), track.duration(), samples(track, shift)));
  }

  private static byte[] samples(MovieTrack track, long shift) {
    int count = track.samples();
    int[] keys = IntStream.range(0, count).filter(i -> track.keys()[i]).map(i -> i + 1).toArray();
    long[] places = LongStream.of(track.places()).map(place -> place + shift).toArray();
    return box(
        "stbl",
        box("stsd", ints(0, 1), bytes(track.description())),
        box("stts", ints(0), runs(track.durations())),
        box("ctts", ints(1 << 24), runs(track.offsets())),
        keys.length == count ? new byte[0] : box("stss", ints(0, keys.length), ints(keys)),
        box("stsc", ints(0, 1, 1, 1, 1)), // a sample each
        box("stsz", ints(0, 0, count), ints(track.sizes())),
        box("co64", ints(0, count), longs(places)));
  }

  /** A table of runs of equal values: their number, then length and value of each. */
  private static byte[] runs(int[] values) {
    int[] runs = new int[1 + 2 * values.length];
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || values[i] != values[i - 1]) {
        runs[0]++;
        runs[2 * runs[0]] = values[i];
      }
      runs[2 * runs[0] - 1]++;
    }
    return ints(Arrays.copyOf(runs, 1 + 2 * runs[0]));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.limit()];
    buffer.get(0, bytes);
    return bytes;
  }

  @Override
  public long length() {
    return header.length + starts[files.size()];
  }

  @Override
  public int read(long position, byte[] to, int offset, int count) throws IOException {
    if (position >= length()) {
      return -1;
    }
    if (position < header.length) {
      int found = (int) Math.min(count, header.length - position);
      System.arraycopy(header, (int) position, to, offset, found);
      return found;
    }
    long place = position - header.length;
    int file = 0;
    while (starts[file + 1] <= place) {
      file++;
    }
    int wanted = (int) Math.min(count, starts[file + 1] - place);
    int found = files.get(file).read(place - starts[file], to, offset, wanted);
    if (found < 0) {
      throw new EOFException("A file of the recording became shorter while it was read");
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    close(files);
  }

  private static void close(List<VideoInput> files) throws IOException {
    for (VideoInput file : files) {
      file.close();
    }
  }
}
