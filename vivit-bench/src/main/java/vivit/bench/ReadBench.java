package vivit.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Checksum;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.clip.Region;
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.storage.PositionedInput;
import vivit.model.shape.ClipShape;

/**
 * Measures reading clips of a shard set in random order with one thread: as stored, with a random
 * crop assembled to pixels as in training, and assembled whole; in turns with plain reads of the
 * same number of bytes of the same files. All reads come from the operating system's cache if the
 * files fit in it.
 */
public final class ReadBench {
  /** Limit on the total bytes of the clips that are read. */
  private static final long MOST_BYTES = 1L << 30;

  private ReadBench() {}

  /** Position of a clip in the set and in its file. */
  private record StoredPlace(int shard, int rowGroup, long start, int bytes) {}

  /** The files of the clips, each open twice. */
  private static final class OpenFiles implements Closeable {
    final List<ShardReader> readers = new ArrayList<>();
    final List<PositionedInput> plain = new ArrayList<>();
    final List<StoredPlace> places = new ArrayList<>();

    OpenFiles(ShardSet shards, Configuration conf) throws IOException {
      long bytes = 0;
      for (int shard = 0; shard < shards.shards() && bytes < MOST_BYTES; shard++) {
        ShardReader reader = shards.reader(shard);
        readers.add(reader);
        plain.add(PositionedInput.open(OpenFileSystem.of(reader.path(), conf), reader.path()));
        for (int clip = 0; clip < reader.clips() && bytes < MOST_BYTES; clip++) {
          int length = reader.index().length(clip);
          places.add(new StoredPlace(shard, clip, reader.index().start(clip), length));
          bytes += length;
        }
      }
    }

    double meanBytes() {
      return places.stream().mapToLong(StoredPlace::bytes).average().orElseThrow();
    }

    @Override
    public void close() throws IOException {
      for (ShardReader reader : readers) {
        reader.close();
      }
      for (PositionedInput input : plain) {
        input.close();
      }
    }
  }

  /** Reads clips into memory that is reused. */
  private static final class ClipReads {
    private final OpenFiles files;
    private final ClipShape shape;
    private final Random random;
    private final ClipBuffer memory = new ClipBuffer();
    private final byte[] cropped;
    private byte[] pixels = {};

    ClipReads(OpenFiles files, ClipShape shape, Random random) {
      this.files = files;
      this.shape = shape;
      this.random = random;
      this.cropped = new byte[shape.frames() * shape.height() * shape.width() * 3];
    }

    Clip tubelets(StoredPlace place) throws IOException {
      return files.readers.get(place.shard()).tubelets(place.rowGroup(), memory);
    }

    void crop(StoredPlace place) throws IOException {
      Clip clip = tubelets(place);
      clip.copy(
          new Region(
              random.nextInt(clip.frames() - shape.frames() + 1),
              shape.frames(),
              random.nextInt(clip.height() - shape.height() + 1),
              random.nextInt(clip.width() - shape.width() + 1),
              shape.height(),
              shape.width()),
          cropped);
    }

    void whole(StoredPlace place) throws IOException {
      Clip clip = tubelets(place);
      Region all = Region.whole(clip.frames(), new FrameSize(clip.height(), clip.width()));
      if (pixels.length < all.bytes()) {
        pixels = new byte[all.bytes()];
      }
      clip.copy(all, pixels);
    }
  }

  /** A way of reading a clip. */
  private interface ClipRead {
    void read(StoredPlace place) throws IOException;
  }

  /**
   * Runs the measurement.
   *
   * @param crop size of the crop that training cuts out of a clip
   * @param seed of the order
   * @param warmup steps before measuring; a step reads one clip in each way, a different clip each
   *     time
   * @param steps steps to measure
   */
  public static ReadReport measure(
      ShardSet shards, Configuration conf, ClipShape crop, long seed, Repeats warmup, Repeats steps)
      throws IOException {
    try (OpenFiles files = new OpenFiles(shards, conf)) {
      Random random = new Random(seed);
      int most = files.places.stream().mapToInt(StoredPlace::bytes).max().orElseThrow();
      ByteBuffer room = ByteBuffer.allocateDirect(most);
      ClipReads clips = new ClipReads(files, crop, random);
      List<ClipRead> ways =
          List.of(
              place -> {
                ByteBuffer to = room.clear().limit(place.bytes());
                files.plain.get(place.shard()).readFully(place.start(), to, new NoSum());
              },
              clips::tubelets,
              clips::crop,
              clips::whole);
      for (StoredPlace place : files.places) {
        ways.get(0).read(place); // brings all clips into the cache
      }
      int warm = 0;
      for (long start = System.nanoTime(); warmup.more(warm, since(start)); warm++) {
        step(files, ways, random);
      }
      List<double[]> seconds = new ArrayList<>();
      for (long start = System.nanoTime(); steps.more(seconds.size(), since(start)); ) {
        seconds.add(step(files, ways, random));
      }
      double megabytes = files.meanBytes() / 1e6;
      return new ReadReport(
          shards.folder().toString(),
          files.places.size(),
          megabytes,
          warm,
          figures(seconds, 0, megabytes),
          figures(seconds, 1, megabytes),
          figures(seconds, 2, megabytes),
          figures(seconds, 3, megabytes));
    }
  }

  private static double[] step(OpenFiles files, List<ClipRead> ways, Random random)
      throws IOException {
    double[] seconds = new double[ways.size()];
    for (int way = 0; way < seconds.length; way++) {
      StoredPlace place = files.places.get(random.nextInt(files.places.size()));
      long start = System.nanoTime();
      ways.get(way).read(place);
      seconds[way] = since(start);
    }
    return seconds;
  }

  private static ReadReport.ReadSpeed figures(List<double[]> seconds, int way, double megabytes) {
    Spread spread = Spread.of(seconds.stream().map(step -> step[way]).toList());
    double plain = Spread.of(seconds.stream().map(step -> step[0]).toList()).median();
    return new ReadReport.ReadSpeed(
        spread, megabytes / 1e3 / spread.median(), plain / spread.median());
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** A checksum that computes nothing. */
  private static final class NoSum implements Checksum {
    @Override
    public void update(int one) {}

    @Override
    public void update(byte[] bytes, int offset, int count) {}

    @Override
    public void update(ByteBuffer bytes) {}

    @Override
    public long getValue() {
      return 0;
    }

    @Override
    public void reset() {}
  }
}
