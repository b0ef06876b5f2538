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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.BadKind;

/**
 * Presents the MP4 files of one recording as one: a generated header, whose media are the bytes of
 * all files, read on demand. Every frame of every file is shown once, each file's first one when
 * the last one before it ends; sound and other tracks are left out.
 */
public final class JoinedMovie implements VideoInput {
  private static final int MOST_FRAMES = 1 << 20; // five hours at 60 a second
  private static final int MOST_HEADER_BYTES = 1 << 24;

  private final List<VideoInput> files;
  private final long[] starts; // of the files; the last is their end
  private final byte[] head;
  private final byte[] tail;

  private JoinedMovie(List<VideoInput> files, long[] starts, byte[] head, byte[] tail) {
    this.files = files;
    this.starts = starts;
    this.head = head;
    this.tail = tail;
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
    boolean whole = false;
    try {
      int left = MOST_FRAMES;
      for (Path file : files) {
        try {
          VideoInput in = HadoopVideoInput.open(fs, file);
          open.add(in);
          ByteBuffer movie = ContainerLength.movie(in, MOST_HEADER_BYTES);
          tracks.add(MovieTrack.read(movie, in.length(), left));
          left -= tracks.get(tracks.size() - 1).stream().mapToInt(MovieTrack::samples).sum();
          requireAlike(tracks.get(0), tracks.get(tracks.size() - 1));
        } catch (UndecodableVideoException e) {
          throw new UndecodableVideoException(
              e.kind(),
              "its file %s cannot be joined to the others: %s"
                  .formatted(file.getName(), e.getMessage()),
              e.position());
        }
      }
      JoinedMovie joined = of(open, tracks);
      whole = true;
      return joined;
    } catch (ArithmeticException damaged) {
      throw new UndecodableVideoException(
          BadKind.UNDECODABLE, "the times of its files are too far apart to be joined", "");
    } finally {
      if (!whole) {
        close(open);
      }
    }
  }

  private static JoinedMovie of(List<VideoInput> files, List<List<MovieTrack>> tracks) {
    byte[] type = box("ftyp", text("isom"), ints(0x200), text("isom"));
    long bytes = files.stream().mapToLong(VideoInput::length).sum();
    byte[] head = join(type, longBox("mdat", bytes));
    long[] starts = new long[files.size() + 1];
    starts[0] = head.length;
    for (int i = 0; i < files.size(); i++) {
      starts[i + 1] = starts[i] + files.get(i).length();
    }
    return new JoinedMovie(files, starts, head, movie(tracks, starts));
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
          found.movieMatrix().equals(expected.movieMatrix())
              && found.shape().equals(expected.shape())
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
   * @param starts of the files in the movie
   */
  private static byte[] movie(List<List<MovieTrack>> tracks, long[] starts) {
    List<MovieTrack> all = new ArrayList<>();
    for (int i = 0; i < tracks.get(0).size(); i++) {
      int number = i;
      all.add(MovieTrack.joined(tracks.stream().map(file -> file.get(number)).toList(), starts));
    }
    int timescale = all.stream().mapToInt(MovieTrack::timescale).max().orElseThrow();
    long longest = 0;
    ByteArrayOutputStream boxes = new ByteArrayOutputStream();
    for (int i = 0; i < all.size(); i++) {
      MovieTrack track = all.get(i);
      double seconds = (double) (track.end() - track.first()) / track.timescale();
      long duration = (long) Math.ceil(seconds * timescale);
      longest = Math.max(longest, duration);
      boxes.writeBytes(track(track, i + 1, duration));
    }
    byte[] matrix = bytes(all.get(0).movieMatrix());
    return box("moov", movieHeader(timescale, longest, matrix), boxes.toByteArray());
  }

  /**
   * The box of a track.
   *
   * @param duration in ticks of the movie
   */
  private static byte[] track(MovieTrack track, int number, long duration) {
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
        media(track.timescale(), track.end(), samples(track)));
  }

  private static byte[] samples(MovieTrack track) {
    int count = track.samples();
    int[] keys = IntStream.range(0, count).filter(i -> track.keys()[i]).map(i -> i + 1).toArray();
    return box(
        "stbl",
        box("stsd", ints(0, 1), bytes(track.description())),
        box("stts", ints(0), runs(track.durations())),
        box("ctts", ints(1 << 24), runs(track.offsets())),
        keys.length == count ? new byte[0] : box("stss", ints(0, keys.length), ints(keys)),
        box("stsc", ints(0, 1, 1, 1, 1)), // a sample each
        box("stsz", ints(0, 0, count), ints(track.sizes())),
        box("co64", ints(0, count), longs(track.places())));
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
    return starts[files.size()] + tail.length;
  }

  @Override
  public int read(long position, byte[] to, int offset, int count) throws IOException {
    if (position < head.length) {
      return copy(head, position, to, offset, count);
    }
    int file = 0;
    while (file < files.size() && starts[file + 1] <= position) {
      file++;
    }
    if (file == files.size()) {
      return copy(tail, position - starts[file], to, offset, count);
    }
    int wanted = (int) Math.min(count, starts[file + 1] - position);
    return files.get(file).read(position - starts[file], to, offset, wanted);
  }

  private static int copy(byte[] from, long position, byte[] to, int offset, int count) {
    if (position >= from.length) {
      return -1;
    }
    int found = (int) Math.min(count, from.length - position);
    System.arraycopy(from, (int) position, to, offset, found);
    return found;
  }

  @Override
  public void close() throws IOException {
    close(files);
  }

  private static void close(List<VideoInput> files) throws IOException {
    IOException failure = null;
    for (VideoInput file : files) {
      try {
        file.close();
      } catch (IOException failed) {
        failure = failed;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
