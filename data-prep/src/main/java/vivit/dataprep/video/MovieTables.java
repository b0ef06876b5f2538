package vivit.dataprep.video;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads the tables of one track of an MP4 or QuickTime file. */
final class MovieTables {
  private static final int MATRIX_BYTES = 36;
  private static final int SHAPE_BYTES = 44; // nine numbers of the matrix, width and height
  private static final int FLAGS = 0xffffff;
  private static final int FIELDS = 86; // bytes of a description before the boxes in it
  private static final int REFERENCE_AT = 14;
  private static final int BIT_RATES = 11; // bytes of buffer size, highest and mean rate
  private static final int UNITY = 1 << 16;
  private static final int USUAL_RATE = 25;

  private final ByteBuffer movie;
  private final BoxList track;
  private final ByteBuffer mediaHeader;
  private final BoxList tables;
  private final long length;
  private final int samples;

  /**
   * Prepares to read a track.
   *
   * @param movie header of the movie
   * @param media boxes of the track's media
   * @param length of the file in bytes
   */
  MovieTables(ByteBuffer movie, BoxList track, BoxList media, long length)
      throws UndecodableVideoException {
    this.movie = movie;
    this.track = track;
    this.mediaHeader = media.only("mdhd");
    this.tables = BoxList.of(BoxList.of(media.only("minf")).only("stbl"));
    this.length = length;
    if (tables.has("stz2")) {
      throw new UndecodableVideoException("its frame sizes are in a box stz2, expected stsz");
    }
    this.samples = BoxList.integer(tables.only("stsz"), 8);
    if (samples < 0) {
      throw BoxList.damaged("found %d frames".formatted(samples));
    }
  }

  /** Number of samples. */
  int samples() {
    return samples;
  }

  /** Reads all tables. */
  MovieTrack track() throws UndecodableVideoException {
    int matrix = movie.get(0) == 1 ? 48 : 36;
    BoxList.require(movie, matrix + (long) MATRIX_BYTES);
    int movieTimescale = BoxList.integer(movie, movie.get(0) == 1 ? 20 : 12);
    int timescale = BoxList.integer(mediaHeader, mediaHeader.get(0) == 1 ? 20 : 12);
    if (timescale <= 0 || movieTimescale <= 0) {
      throw BoxList.damaged("found a time scale of %d and %d".formatted(timescale, movieTimescale));
    }
    ByteBuffer header = track.only("tkhd");
    int shape = header.get(0) == 1 ? 52 : 40;
    BoxList.require(header, shape + (long) SHAPE_BYTES);
    int[] durations = runs("stts");
    if (durations[samples - 1] == 0) { // some writers do not know the last one
      durations[samples - 1] = samples > 1 ? durations[samples - 2] : timescale / USUAL_RATE;
    }
    for (int duration : durations) {
      if (duration < 0) {
        throw BoxList.damaged("found a frame of %d ticks".formatted(duration));
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
        throw BoxList.damaged("found a run of %d in %s".formatted(run, name));
      }
      Arrays.fill(values, filled, filled + run, table.getInt(12 + 8 * i));
      filled += run;
    }
    if (filled < samples) {
      throw BoxList.damaged("%s has %d of %d frames".formatted(name, filled, samples));
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
        throw BoxList.damaged("found key frame %d of %d".formatted(number, samples));
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
        throw BoxList.damaged("found a frame of %d bytes".formatted(sizes[i]));
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
        throw BoxList.damaged("chunk %d is in no table".formatted(chunk));
      }
      long place = wide ? chunks.getLong(8 * chunk) : chunks.getInt(4 + 4 * chunk) & 0xffffffffL;
      for (int i = table.getInt(12 + 12 * run); i > 0 && sample < samples; i--) {
        if (place < 0 || place > length - sizes[sample]) {
          throw BoxList.damaged(
              "frame %d lies at byte %d, the file has %d".formatted(sample, place, length));
        }
        places[sample] = place;
        place += sizes[sample++];
      }
    }
    if (sample < samples) {
      throw BoxList.damaged("its chunks have %d of %d frames".formatted(sample, samples));
    }
    return places;
  }

  private ByteBuffer description() throws UndecodableVideoException {
    ByteBuffer table = tables.only("stsd");
    int count = BoxList.integer(table, 4);
    int size = BoxList.integer(table, 8);
    if (count != 1) {
      throw new UndecodableVideoException("it has frames of %d kinds, expected 1".formatted(count));
    }
    if (size < FIELDS || size > table.limit() - 8) {
      throw BoxList.damaged("found a description of %d bytes".formatted(size));
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
      String name = BoxList.text(plain, at + 4);
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
  private static int entries(ByteBuffer table, int at, int bytes) throws UndecodableVideoException {
    int count = BoxList.integer(table, at);
    if (count < 0) {
      throw BoxList.damaged("found a table of %d entries".formatted(count));
    }
    BoxList.require(table, at + 4 + (long) count * bytes);
    return count;
  }

  /** Refuses an edit list that leaves something out or repeats something. */
  private void requireAllShown(MovieTrack all, int movieTimescale)
      throws UndecodableVideoException {
    if (!track.has("edts")) {
      return;
    }
    ByteBuffer list = BoxList.of(track.only("edts")).only("elst");
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
      double end = start + (double) duration * all.timescale() / movieTimescale;
      boolean whole = start <= all.first() && (duration == 0 || end > all.last());
      if (++edits > 1 || rate != UNITY || !whole) {
        throw new UndecodableVideoException(
            "its edit list leaves frames out, or shows some twice or at another speed");
      }
    }
  }
}
