package vivit.dataprep.video;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import vivit.dataprep.clip.BadKind;

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
  private static final int MATRIX_BYTES = 36;
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
    Boxes boxes = Boxes.of(movie);
    if (boxes.has("mvex")) {
      throw new UndecodableVideoException("it is fragmented, so that its header lists no frames");
    }
    ByteBuffer header = boxes.only("mvhd");
    int matrix = header.get(0) == 1 ? 48 : 36;
    require(header, matrix + (long) MATRIX_BYTES);
    int left = mostSamples;
    List<MovieTrack> tracks = new ArrayList<>();
    for (ByteBuffer content : boxes.all("trak")) {
      Boxes track = Boxes.of(content);
      Boxes media = Boxes.of(track.only("mdia"));
      if (Boxes.text(media.only("hdlr"), 8).equals("vide")) {
        Reader reader = new Reader(track, media, length);
        if (reader.samples > left) {
          throw new UndecodableVideoException(
              "found %d frames, expected at most %d in all files".formatted(reader.samples, left));
        }
        if (reader.samples > 0) {
          tracks.add(reader.track(header, matrix));
        }
        left -= reader.samples;
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
  private long last() {
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

  private static UndecodableVideoException damaged(String what) {
    return new UndecodableVideoException(
        BadKind.UNDECODABLE, "its MP4 header is damaged: " + what, "");
  }

  private static int integer(ByteBuffer in, int at) throws UndecodableVideoException {
    require(in, at + 4L);
    return in.getInt(at);
  }

  private static void require(ByteBuffer in, long bytes) throws UndecodableVideoException {
    if (bytes > in.limit()) {
      throw damaged("a table ends after %d bytes of %d".formatted(in.limit(), bytes));
    }
  }

  /** The boxes in a box, by name. */
  private record Boxes(Map<String, List<ByteBuffer>> byName) {
    private static final int HEADER = 8;
    private static final int LONG_HEADER = 16;
    private static final int MOST = 1000;

    static Boxes of(ByteBuffer in) throws UndecodableVideoException {
      Map<String, List<ByteBuffer>> byName = new HashMap<>();
      int found = 0;
      int at = 0;
      while (in.limit() - at >= HEADER && in.getLong(at) != 0) { // QuickTime ends lists with zeros
        int left = in.limit() - at;
        long size = in.getInt(at) & 0xffffffffL;
        int header = HEADER;
        if (size == 1 && left >= LONG_HEADER) {
          size = in.getLong(at + HEADER);
          header = LONG_HEADER;
        } else if (size == 0) {
          size = left;
        }
        String name = text(in, at + 4);
        if (++found > MOST) {
          throw damaged("a box has more than %d others in it".formatted(MOST));
        }
        if (size < header || size > left) {
          throw damaged("its box %s has %d bytes, %d are left".formatted(name, size, left));
        }
        byName
            .computeIfAbsent(name, none -> new ArrayList<>())
            .add(in.slice(at + header, (int) size - header));
        at += (int) size;
      }
      return new Boxes(byName);
    }

    static String text(ByteBuffer in, int at) throws UndecodableVideoException {
      require(in, at + 4L);
      return StandardCharsets.ISO_8859_1.decode(in.slice(at, 4)).toString();
    }

    boolean has(String name) {
      return byName.containsKey(name);
    }

    List<ByteBuffer> all(String name) {
      return byName.getOrDefault(name, List.of());
    }

    ByteBuffer only(String name) throws UndecodableVideoException {
      List<ByteBuffer> found = all(name);
      if (found.size() != 1) {
        throw damaged("found %d boxes %s, expected 1".formatted(found.size(), name));
      }
      require(found.get(0), 4);
      return found.get(0);
    }
  }

  /** Reads one track. */
  private static final class Reader {
    private static final int SHAPE_BYTES = 44; // nine numbers of the matrix, width and height
    private static final int FLAGS = 0xffffff;
    private static final int FIELDS = 86; // bytes of a description before the boxes in it
    private static final int REFERENCE_AT = 14;
    private static final int BIT_RATES = 11; // bytes of buffer size, highest and mean rate
    private static final int UNITY = 1 << 16;
    private static final int USUAL_RATE = 25;

    private final Boxes track;
    private final ByteBuffer mediaHeader;
    private final Boxes tables;
    private final long length;
    private final int samples;

    Reader(Boxes track, Boxes media, long length) throws UndecodableVideoException {
      this.track = track;
      this.mediaHeader = media.only("mdhd");
      this.tables = Boxes.of(Boxes.of(media.only("minf")).only("stbl"));
      this.length = length;
      if (tables.has("stz2")) {
        throw new UndecodableVideoException("its frame sizes are in a box stz2, expected stsz");
      }
      this.samples = integer(tables.only("stsz"), 8);
      if (samples < 0) {
        throw damaged("found %d frames".formatted(samples));
      }
    }

    /**
     * Reads all tables.
     *
     * @param movie header of the movie
     * @param matrix where its matrix begins
     */
    MovieTrack track(ByteBuffer movie, int matrix) throws UndecodableVideoException {
      int movieTimescale = integer(movie, movie.get(0) == 1 ? 20 : 12);
      int timescale = integer(mediaHeader, mediaHeader.get(0) == 1 ? 20 : 12);
      if (timescale <= 0 || movieTimescale <= 0) {
        throw damaged("found a time scale of %d and %d".formatted(timescale, movieTimescale));
      }
      ByteBuffer header = track.only("tkhd");
      int shape = header.get(0) == 1 ? 52 : 40;
      require(header, shape + (long) SHAPE_BYTES);
      int[] durations = runs("stts");
      if (durations[samples - 1] == 0) { // some writers do not know the last one
        durations[samples - 1] = samples > 1 ? durations[samples - 2] : timescale / USUAL_RATE;
      }
      for (int duration : durations) {
        if (duration < 0) {
          throw damaged("found a frame of %d ticks".formatted(duration));
        }
      }
      int[] sizes = sizes();
      MovieTrack all =
          new MovieTrack(
              timescale,
              copy(movie, matrix, MATRIX_BYTES),
              header.getInt(0) & FLAGS,
              copy(header, shape, SHAPE_BYTES),
              description(),
              durations,
              tables.has("ctts") ? runs("ctts") : new int[samples],
              keys(),
              sizes,
              places(sizes));
      requireAllShown(all, movieTimescale);
      return all;
    }

    /** Bytes of their own, which keep no others in memory. */
    private static ByteBuffer copy(ByteBuffer from, int at, int count) {
      byte[] bytes = new byte[count];
      from.get(at, bytes);
      return ByteBuffer.wrap(bytes);
    }

    /** A table of runs: a number of samples and their value each. */
    private int[] runs(String name) throws UndecodableVideoException {
      ByteBuffer table = tables.only(name);
      int count = entries(table, 4, 8);
      int[] values = new int[samples];
      int filled = 0;
      for (int i = 0; i < count; i++) {
        int run = Math.min(table.getInt(8 + 8 * i), samples - filled);
        if (run < 0) {
          throw damaged("found a run of %d in %s".formatted(run, name));
        }
        Arrays.fill(values, filled, filled + run, table.getInt(12 + 8 * i));
        filled += run;
      }
      if (filled < samples) {
        throw damaged("%s has %d of %d frames".formatted(name, filled, samples));
      }
      return values;
    }

    private boolean[] keys() throws UndecodableVideoException {
      boolean[] keys = new boolean[samples];
      if (!tables.has("stss")) {
        Arrays.fill(keys, true);
        return keys;
      }
      ByteBuffer table = tables.only("stss");
      int count = entries(table, 4, 4);
      for (int i = 0; i < count; i++) {
        int number = table.getInt(8 + 4 * i);
        if (number < 1 || number > samples) {
          throw damaged("found key frame %d of %d".formatted(number, samples));
        }
        keys[number - 1] = true;
      }
      return keys;
    }

    private int[] sizes() throws UndecodableVideoException {
      ByteBuffer table = tables.only("stsz");
      int[] sizes = new int[samples];
      int all = table.getInt(4);
      if (all == 0) {
        entries(table, 8, 4);
      }
      for (int i = 0; i < samples; i++) {
        sizes[i] = all != 0 ? all : table.getInt(12 + 4 * i);
        if (sizes[i] < 0) {
          throw damaged("found a frame of %d bytes".formatted(sizes[i]));
        }
      }
      return sizes;
    }

    /** Places of the samples, from those of chunks. */
    private long[] places(int[] sizes) throws UndecodableVideoException {
      boolean wide = tables.has("co64");
      ByteBuffer chunks = tables.only(wide ? "co64" : "stco");
      int count = entries(chunks, 4, wide ? 8 : 4);
      ByteBuffer table = tables.only("stsc");
      int runs = entries(table, 4, 12);
      long[] places = new long[samples];
      int sample = 0;
      int run = -1;
      for (int chunk = 1; chunk <= count && sample < samples; chunk++) {
        while (run + 1 < runs && table.getInt(8 + 12 * (run + 1)) <= chunk) {
          run++;
        }
        if (run < 0) {
          throw damaged("chunk %d is in no table".formatted(chunk));
        }
        long place = wide ? chunks.getLong(8 * chunk) : chunks.getInt(4 + 4 * chunk) & 0xffffffffL;
        for (int i = table.getInt(12 + 12 * run); i > 0 && sample < samples; i--) {
          if (place < 0 || place > length - sizes[sample]) {
            throw damaged(
                "frame %d lies at byte %d, the file has %d".formatted(sample, place, length));
          }
          places[sample] = place;
          place += sizes[sample++];
        }
      }
      if (sample < samples) {
        throw damaged("its chunks have %d of %d frames".formatted(sample, samples));
      }
      return places;
    }

    private ByteBuffer description() throws UndecodableVideoException {
      ByteBuffer table = tables.only("stsd");
      int count = integer(table, 4);
      int size = integer(table, 8);
      if (count != 1) {
        throw new UndecodableVideoException(
            "it has frames of %d kinds, expected 1".formatted(count));
      }
      if (size < FIELDS || size > table.limit() - 8) {
        throw damaged("found a description of %d bytes".formatted(size));
      }
      byte[] bytes = new byte[size];
      table.get(8, bytes);
      ByteBuffer plain = ByteBuffer.wrap(bytes);
      int length = FIELDS;
      for (int at = FIELDS; at + 8 <= size; ) {
        int part = plain.getInt(at);
        if (part < 8 || part > size - at) {
          break; // what QuickTime ends descriptions with
        }
        String name = Boxes.text(plain, at + 4);
        if (name.equals("esds")) {
          forgetBitRates(plain.slice(at, part));
        }
        if (!name.equals("btrt")) { // bit rates
          System.arraycopy(bytes, at, bytes, length, part);
          length += part;
        }
        at += part;
      }
      return plain.putInt(0, length).putShort(REFERENCE_AT, (short) 1).slice(0, length);
    }

    /** Sets the bit rates in the header of an MPEG-4 codec to zero, which means unknown. */
    private static void forgetBitRates(ByteBuffer header) {
      int stream = afterLength(header, 12, 3) + 3;
      int at = afterLength(header, stream, 4) + 2; // after codec and kind of stream
      if (stream > 3 && at > 2 && at + BIT_RATES <= header.limit()) {
        header.put(at, new byte[BIT_RATES]);
      }
    }

    /** Where a descriptor's content begins, after its tag and length; 0 if it is another one. */
    private static int afterLength(ByteBuffer in, int at, int tag) {
      if (at + 5 > in.limit() || in.get(at) != tag) {
        return 0;
      }
      int length = at + 1;
      while (length < at + 4 && in.get(length) < 0) { // seven bits of the length, and more to come
        length++;
      }
      return length + 1;
    }

    /** Checks the number of entries of a table, which stands before them. */
    private static int entries(ByteBuffer table, int at, int bytes)
        throws UndecodableVideoException {
      int count = integer(table, at);
      if (count < 0) {
        throw damaged("found a table of %d entries".formatted(count));
      }
      require(table, at + 4 + (long) count * bytes);
      return count;
    }

    /** Refuses an edit list that leaves something out or repeats something. */
    private void requireAllShown(MovieTrack all, int movieTimescale)
        throws UndecodableVideoException {
      if (!track.has("edts")) {
        return;
      }
      ByteBuffer list = Boxes.of(track.only("edts")).only("elst");
      boolean wide = list.get(0) == 1;
      int bytes = wide ? 20 : 12;
      int count = entries(list, 4, bytes);
      int edits = 0;
      for (int i = 0; i < count; i++) {
        int at = 8 + bytes * i;
        long duration = wide ? list.getLong(at) : list.getInt(at) & 0xffffffffL;
        long start = wide ? list.getLong(at + 8) : list.getInt(at + 4);
        int rate = list.getInt(at + bytes - 4);
        if (start < 0) { // a pause before the video
          continue;
        }
        double end = start + (double) duration * all.timescale / movieTimescale;
        boolean whole = start <= all.first() && (duration == 0 || end > all.last());
        if (++edits > 1 || rate != UNITY || !whole) {
          throw new UndecodableVideoException(
              "its edit list leaves frames out, or shows some twice or at another speed");
        }
      }
    }
  }
}
