package vivit.model.engine;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import vivit.model.engine.BlockedAttention.Block;
import vivit.model.engine.BlockedAttention.HeadAddresses;
import vivit.model.engine.BlockedAttention.HeadColumn;
import vivit.model.engine.BlockedAttention.Sizes;
import vivit.model.engine.OneDnn.Side;
import vivit.model.shape.HeadRange;

/**
 * Computes attention of long sequences by tiles of queries and keys that stay in the second-level
 * cache between the products, so that no probability reaches main memory.
 *
 * <p>In the forward pass the exponentials E of a row are relative to a shift m, its largest score
 * among the first keys, and their sum l divides the result at the end. If that sum grows too large,
 * the pass repeats with the largest of all scores. The stash holds shift and sum. The gradient then
 * computes {@code E = exp(s Q K^T - m)} a tile at a time, and with {@code G = dO / l} and {@code D
 * = sum(G O)} of a row {@code dV = E^T G} and {@code dS = E (G V^T - D)}. The products themselves
 * subtract m and D, and add up l, by an extra column in Q and G that multiplies ones in K and V.
 *
 * @see <a href="https://arxiv.org/abs/2205.14135">Dao et al., FlashAttention</a>
 */
final class TiledAttention implements AutoCloseable {

  /** Approximate number of keys in a tile; its queries are those of a {@link Block}. */
  private static final long KEYS = 256;

  /** Number of keys whose largest score is the first shift of a row. */
  private static final long SAMPLE = 64;

  /**
   * Largest sum of exponentials that a row may have; a larger one means that its shift was too
   * small.
   */
  private static final float MOST = 1e12f;

  /** Numbers per row of the stash: shift and sum. */
  private static final int KEPT = 2;

  private final Team team;
  private final KeyValueSums sums;
  private FloatPointer gathered = new FloatPointer(0);

  TiledAttention(Team team) {
    this.team = team;
    this.sums = new KeyValueSums(team);
  }

  /** Division of keys into tiles, and the layout of scratch memory. */
  private record Tiles(Sizes sizes) {
    long count() {
      return (sizes.n() + KEYS - 1) / KEYS;
    }

    long firstKey(long tile) {
      return sizes.n() * tile / count();
    }

    long keys(long tile) {
      return firstKey(tile + 1) - firstKey(tile);
    }

    /** Elements between rows of a tile: a multiple of vector registers, but not a power of two. */
    long stride() {
      long most = (sizes.n() + count() - 1) / count();
      return ((most + 15) / 16 | 1) * 16;
    }

    /** Elements of a query, key, value or gradient with its extra column. */
    long rowStride() {
      return (sizes.width() + 8) / 8 * 8;
    }

    long tileNumbers() {
      return sizes.mostQueries() * stride();
    }

    long rowNumbers() {
      return sizes.mostQueries() * rowStride();
    }

    /** Elements of a room: a tile, and two sets of rows. */
    long roomNumbers() {
      return tileNumbers() + 2 * rowNumbers();
    }

    long gatheredNumbers() {
      return sizes.pairs() * 2 * sizes.n() * rowStride();
    }

    /** Offset of a pair's first gathered key; its values follow the keys. */
    long firstGathered(long pair) {
      return pair * 2 * sizes.n() * rowStride();
    }
  }

  /** Whether sequences of this shape are long enough. */
  static boolean suits(long[] packed, HeadRange heads) {
    return Sizes.of(packed, heads).isLong();
  }

  /** Elements of native memory in addition to the caller's tensors. */
  static BlockedAttention.ScratchSizes scratch(Sizes sizes) {
    Tiles tiles = new Tiles(sizes);
    return new BlockedAttention.ScratchSizes(
        tiles.gatheredNumbers(), KeyValueSums.numbers(sizes), 2 * tiles.roomNumbers());
  }

  /** Shape of the stash: shift and sum of every row. */
  static long[] stash(Sizes sizes) {
    return new long[] {sizes.pairs(), sizes.n(), KEPT};
  }

  private void prepare(CpuTensor packed, HeadRange heads, Tiles tiles) {
    team.prepare(Seat.KernelKind.EXPONENTIAL, 1, tiles.tileNumbers());
    team.prepare(Seat.KernelKind.PRODUCT, 1, tiles.tileNumbers());
    team.prepare(Seat.KernelKind.ROOMS, 1, tiles.roomNumbers());
    if (gathered.capacity() < tiles.gatheredNumbers()) {
      gathered.close();
      gathered = new FloatPointer(tiles.gatheredNumbers());
    }
    Sizes sizes = tiles.sizes();
    int width = (int) sizes.width();
    int stride = (int) tiles.rowStride();
    team.each(
        sizes.pairs() * sizes.n(),
        2L * stride,
        (from, to, seat) -> {
          float[] row = seat.rows(0, stride);
          for (long i = from; i < to; i++) {
            long token = i % sizes.n();
            HeadAddresses head = HeadAddresses.of(packed, heads, sizes, i / sizes.n());
            long place = tiles.firstGathered(i / sizes.n()) + token * stride;
            head.key(seat.x, token).get(row, 0, width);
            Arrays.fill(row, width, stride, 1);
            seat.y.to(gathered, place).put(row, 0, stride);
            head.value(seat.x, token).get(row, 0, width);
            seat.y.to(gathered, place + sizes.n() * stride).put(row, 0, stride);
          }
        });
  }

  /** {@code out = softmax(s Q K^T) V}. */
  void forward(CpuTensor packed, HeadRange heads, CpuTensor stash, CpuTensor out) {
    Sizes sizes = Sizes.of(packed, heads);
    Tiles tiles = new Tiles(sizes);
    prepare(packed, heads, tiles);
    long pieces = sizes.pairs() * sizes.blocks();
    int parts = Team.parts(pieces * sizes.mostQueries() * sizes.n(), pieces);
    team.run(
        parts,
        (part, seat) -> {
          long end = Team.start(pieces, part + 1, parts);
          for (long piece = Team.start(pieces, part, parts); piece < end; piece++) {
            long pair = piece / sizes.blocks();
            TiledQueries tiled =
                new TiledQueries(
                    tiles,
                    new Block(sizes, pair, piece % sizes.blocks()),
                    HeadAddresses.of(packed, heads, sizes, pair),
                    seat);
            tiled.attend(stash, HeadColumn.of(out, heads, sizes, pair));
          }
        });
  }

  /** Gradient with respect to query, key and value. */
  void gradient(
      CpuTensor packed,
      HeadRange heads,
      CpuTensor stash,
      CpuTensor out,
      CpuTensor dOut,
      CpuTensor dPacked) {
    Sizes sizes = Sizes.of(packed, heads);
    Tiles tiles = new Tiles(sizes);
    prepare(packed, heads, tiles);
    sums.prepare(sizes);
    long groups = sizes.groups();
    long pieces = sizes.pairs() * groups;
    int parts = Team.parts(sizes.pairs() * sizes.n() * sizes.n(), pieces);
    team.run(
        parts,
        (part, seat) -> {
          long end = Team.start(pieces, part + 1, parts);
          for (long piece = Team.start(pieces, part, parts); piece < end; piece++) {
            long pair = piece / groups;
            long group = piece % groups;
            HeadAddresses gradients =
                sums.of(HeadAddresses.of(dPacked, heads, sizes, pair), group, pair, sizes);
            HeadColumn given = HeadColumn.of(dOut, heads, sizes, pair);
            HeadColumn attended = HeadColumn.of(out, heads, sizes, pair);
            long first = sizes.blocks() * group / groups;
            for (long block = first; block < sizes.blocks() * (group + 1) / groups; block++) {
              TiledQueries tiled =
                  new TiledQueries(
                      tiles,
                      new Block(sizes, pair, block),
                      HeadAddresses.of(packed, heads, sizes, pair),
                      seat);
              tiled.descend(stash, attended, given, gradients, block == first ? 0 : 1);
            }
          }
        });
    sums.addUp(dPacked, heads, sizes);
  }

  /** One block of queries of one head of one sequence. */
  private final class TiledQueries {
    private final Tiles tiles;
    private final Sizes sizes;
    private final Block block;
    private final HeadAddresses head;
    private final Seat seat;
    private final long queries;
    private final int width;
    private final int stride;
    private final FloatPointer first;
    private final FloatPointer second;

    TiledQueries(Tiles tiles, Block block, HeadAddresses head, Seat seat) {
      this.tiles = tiles;
      this.sizes = tiles.sizes();
      this.block = block;
      this.head = head;
      this.seat = seat;
      this.queries = block.queries();
      this.width = (int) sizes.width();
      this.stride = (int) tiles.rowStride();
      this.first = seat.room(0, tiles.roomNumbers());
      this.second = seat.room(1, tiles.roomNumbers());
    }

    // Room 0: exponentials E, queries, sums over keys. Room 1: dS, then G.

    private Address tile(Address address, FloatPointer room) {
      return address.to(room, 0);
    }

    private Address rows(Address address, FloatPointer room) {
      return address.to(room, tiles.tileNumbers());
    }

    private Address sums(Address address) {
      return address.to(first, tiles.tileNumbers() + tiles.rowNumbers());
    }

    private Address key(Address address, long key) {
      return address.to(gathered, tiles.firstGathered(block.pair()) + key * stride);
    }

    private Address value(Address address, long key) {
      return key(address, sizes.n() + key);
    }

    void attend(CpuTensor stash, HeadColumn out) {
      float[] shifts = seat.rows(1, (int) sizes.mostQueries());
      Arrays.fill(shifts, 0, (int) queries, Float.NEGATIVE_INFINITY);
      raise(shifts, 0, Math.min(SAMPLE, sizes.n()));
      if (!attend(shifts, stash, out)) {
        for (long tile = 0; tile < tiles.count(); tile++) {
          raise(shifts, tiles.firstKey(tile), tiles.keys(tile));
        }
        attend(shifts, stash, out);
      }
    }

    /** Raises the shift of every row to its largest score among some keys. */
    private void raise(float[] shifts, long from, long keys) {
      OneDnn.multiply(
          Side.PLAIN,
          Side.TRANSPOSED,
          queries,
          keys,
          width,
          sizes.scale(),
          head.query(seat.x, block.first()),
          head.queryStride(),
          key(seat.y, from),
          stride,
          0,
          tile(seat.z, first),
          tiles.stride());
      float[] row = seat.rows(0, (int) keys);
      for (int query = 0; query < queries; query++) {
        seat.x.to(first, query * tiles.stride()).get(row, 0, (int) keys);
        float largest = shifts[query];
        for (int i = 0; i < keys; i++) {
          largest = Math.max(largest, row[i]);
        }
        shifts[query] = largest;
      }
    }

    /**
     * Computes attention with these shifts.
     *
     * @return false if a shift was too small, which makes the result invalid
     */
    private boolean attend(float[] shifts, CpuTensor stash, HeadColumn out) {
      float[] row = seat.rows(0, stride);
      for (int query = 0; query < queries; query++) {
        scaledQuery(query, row);
        row[width] = -shifts[query];
        seat.y.to(first, tiles.tileNumbers() + (long) query * stride).put(row, 0, stride);
      }
      for (long tile = 0; tile < tiles.count(); tile++) {
        exponentials(tile);
        OneDnn.multiply(
            Side.PLAIN,
            Side.PLAIN,
            queries,
            width + 1L,
            tiles.keys(tile),
            1,
            tile(seat.x, first),
            tiles.stride(),
            value(seat.y, tiles.firstKey(tile)),
            stride,
            tile == 0 ? 0 : 1,
            sums(seat.z),
            stride);
      }
      float[] kept = seat.rows(2, KEPT);
      boolean fits = true;
      for (int query = 0; query < queries; query++) {
        sums(seat.x).skip((long) query * stride).get(row, 0, stride);
        float sum = row[width];
        fits &= sum <= MOST;
        Lanes.scale(row, 1 / sum, width);
        out.at(seat.y, block.first() + query).put(row, 0, width);
        kept[0] = shifts[query];
        kept[1] = sum;
        seat.z.to(stash, kept(query)).put(kept, 0, KEPT);
      }
      return fits;
    }

    private void scaledQuery(long query, float[] row) {
      head.query(seat.x, block.first() + query).get(row, 0, width);
      Lanes.scale(row, sizes.scale(), width);
    }

    private long kept(long query) {
      return (block.pair() * sizes.n() + block.first() + query) * KEPT;
    }

    /** Computes a tile: the rows of a room, with their extra column, times keys or values. */
    private void multiplyRows(FloatPointer room, Address columns, long tile) {
      OneDnn.multiply(
          Side.PLAIN,
          Side.TRANSPOSED,
          queries,
          tiles.keys(tile),
          width + 1L,
          1,
          rows(seat.x, room),
          stride,
          columns,
          stride,
          0,
          tile(seat.z, room),
          tiles.stride());
    }

    /** Exponentials of the scores of a tile, relative to the shifts. */
    private void exponentials(long tile) {
      multiplyRows(first, key(seat.y, tiles.firstKey(tile)), tile);
      seat.exponential(tiles.tileNumbers())
          .with(tile(seat.x, first))
          .with(tile(seat.x, first))
          .run();
    }

    /**
     * Computes the gradient.
     *
     * @param keep 0 for the first block, which overwrites the gradients of key and value, else 1
     */
    void descend(
        CpuTensor stash, HeadColumn out, HeadColumn dOut, HeadAddresses gradients, float keep) {
      float[] row = seat.rows(0, stride);
      float[] attended = seat.rows(1, width);
      float[] kept = seat.rows(2, KEPT);
      for (long query = 0; query < queries; query++) {
        scaledQuery(query, row);
        seat.x.to(stash, kept(query)).get(kept, 0, KEPT);
        row[width] = -kept[0];
        rows(seat.y, first).skip(query * stride).put(row, 0, stride);
        dOut.at(seat.x, block.first() + query).get(row, 0, width);
        Lanes.scale(row, 1 / kept[1], width);
        out.at(seat.y, block.first() + query).get(attended, 0, width);
        row[width] = -Lanes.dot(row, attended, 0, width);
        rows(seat.z, second).skip(query * stride).put(row, 0, stride);
      }
      for (long tile = 0; tile < tiles.count(); tile++) {
        exponentials(tile);
        dScores(tile);
        addToKeysAndValues(tile, gradients, keep);
        OneDnn.multiply(
            Side.PLAIN,
            Side.PLAIN,
            queries,
            width,
            tiles.keys(tile),
            sizes.scale(),
            tile(seat.x, second),
            tiles.stride(),
            key(seat.y, tiles.firstKey(tile)),
            stride,
            tile == 0 ? 0 : 1,
            sums(seat.z),
            stride);
      }
      for (long query = 0; query < queries; query++) {
        sums(seat.x)
            .skip(query * stride)
            .copyTo(gradients.query(seat.y, block.first() + query), width);
      }
    }

    /** {@code dS = E (G V^T - D)}. */
    private void dScores(long tile) {
      multiplyRows(second, value(seat.y, tiles.firstKey(tile)), tile);
      seat.product(tiles.tileNumbers())
          .with(tile(seat.x, first))
          .with(tile(seat.y, second))
          .with(tile(seat.y, second))
          .run();
    }

    /** {@code dV += E^T G}, {@code dK += s dS^T Q}. */
    private void addToKeysAndValues(long tile, HeadAddresses gradients, float keep) {
      long key = tiles.firstKey(tile);
      addTo(gradients.value(seat.z, key), gradients.keyStride(), first, second, tile, keep);
      addTo(gradients.key(seat.z, key), gradients.keyStride(), second, first, tile, keep);
    }

    private void addTo(
        Address sum, long sumStride, FloatPointer tiled, FloatPointer rows, long tile, float keep) {
      OneDnn.multiply(
          Side.TRANSPOSED,
          Side.PLAIN,
          tiles.keys(tile),
          width,
          queries,
          1,
          tile(seat.x, tiled),
          tiles.stride(),
          rows(seat.y, rows),
          stride,
          keep,
          sum,
          sumStride);
    }
  }

  @Override
  public void close() {
    gathered.close();
    sums.close();
  }
}
