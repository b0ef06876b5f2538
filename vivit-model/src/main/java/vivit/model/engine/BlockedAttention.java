package vivit.model.engine;

import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import vivit.model.engine.OneDnn.Side;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/**
 * Computes scaled dot-product attention by blocks of queries: only the scores of {@link #BLOCK}
 * queries are in memory at a time, so memory grows with the number of tokens, not with its square.
 * The gradient recomputes the probabilities, except for short sequences, whose probabilities are in
 * the stash.
 *
 * <p>With {@code P = softmax(s Q K^T)} and {@code O = P V}: {@code dV = P^T dO}, {@code dP = dO
 * V^T}, {@code dS = P (dP - D)} where D is the sum of {@code P dP} over a row, {@code dQ = s dS K},
 * {@code dK = s dS^T Q}.
 *
 * @see <a href="https://arxiv.org/abs/2205.14135">Dao et al., FlashAttention</a>
 */
final class BlockedAttention implements AutoCloseable {

  /** Queries whose scores are in memory at a time. */
  private static final long BLOCK = 128;

  /**
   * Largest number of tokens whose probabilities are stashed: their size is then about that of
   * query, key and value.
   */
  private static final long KEPT = 256;

  /** Smallest number of tokens for which {@link TiledAttention} is faster. */
  private static final long LONG = 512;

  /** Queries of a block of such long sequences. */
  private static final long LONG_BLOCK = 256;

  /** Cost of a block's native calls, expressed as a number of processed elements. */
  private static final long CALLS = 1 << 12;

  /** Number of pieces of work to aim for when sequences and heads are few. */
  private static final long ENOUGH = 16;

  private final Team team;
  private final KeyValueSums sums;

  BlockedAttention(Team team) {
    this.team = team;
    this.sums = new KeyValueSums(team);
  }

  /** Sizes of an attention that do not depend on the head. */
  record Sizes(long leading, long heads, long n, long width, long blocks) {
    static Sizes of(CpuTensor packed, HeadRange range) {
      return of(packed.shape(), range);
    }

    static Sizes of(long[] packed, HeadRange range) {
      long n = packed[packed.length - 2];
      long width = packed[packed.length - 1] / 3 / range.heads();
      long leading = 1;
      for (int axis = 0; axis < packed.length - 2; axis++) {
        leading *= packed[axis];
      }
      long block = n < LONG ? BLOCK : LONG_BLOCK;
      return new Sizes(leading, range.count(), n, width, (n + block - 1) / block);
    }

    /** Elements of all keys and values. */
    long keysAndValues() {
      return pairs() * 2 * n * width;
    }

    /**
     * Number of groups into which the blocks of a pair are divided, each with its own sums of key
     * and value gradients.
     */
    long groups() {
      long groups = Math.max(1, Math.min(blocks, ENOUGH / pairs()));
      boolean halves = groups == 1 || pairs() * groups % 2 == 0; // for an even number of threads
      return halves ? groups : Math.min(blocks, groups + 1);
    }

    /** Whether these sums need memory outside the result. */
    boolean apart() {
      return groups() > 1 || isLong();
    }

    boolean isLong() {
      return n >= LONG;
    }

    float scale() {
      return (float) (1 / Math.sqrt((double) width));
    }

    /** Sequences times heads. */
    long pairs() {
      return leading * heads;
    }

    /** Queries of the largest block. */
    long mostQueries() {
      return (n + blocks - 1) / blocks;
    }

    /** First column of a pair's head. */
    long column(HeadRange range, long pair) {
      return (range.first() + pair % heads) * width;
    }

    long firstQuery(long block) {
      return n * block / blocks;
    }
  }

  /**
   * Query, key and value of one head of one sequence: addresses in bytes, strides between tokens in
   * elements.
   */
  record HeadAddresses(
      long query, long queryStride, long key, long value, long keyStride, long width) {

    /** Addresses in the packed tensor. */
    static HeadAddresses of(CpuTensor packed, HeadRange range, Sizes sizes, long pair) {
      long part = packed.size(-1) / 3 * Address.BYTES;
      long first = packed.offset(pair / sizes.heads(), 2) + sizes.column(range, pair);
      long query = packed.address() + first * Address.BYTES;
      long stride = packed.stride(-2);
      return new HeadAddresses(
          query, stride, query + part, query + 2 * part, stride, sizes.width());
    }

    /** Addresses of the keys and values gathered in other memory, each contiguous, keys first. */
    HeadAddresses gathered(FloatPointer memory, long pair, Sizes sizes) {
      long bytes = sizes.n() * width * Address.BYTES;
      long at = memory.address() + pair * 2 * bytes;
      return new HeadAddresses(query, queryStride, at, at + bytes, width, width);
    }

    Address query(Address address, long token) {
      return address.to(query + token * queryStride * Address.BYTES);
    }

    Address key(Address address, long token) {
      return address.to(key + token * keyStride * Address.BYTES);
    }

    Address value(Address address, long token) {
      return address.to(value + token * keyStride * Address.BYTES);
    }
  }

  /** One head of one sequence in a tensor {@code [..., n, d]}. */
  record HeadColumn(CpuTensor tensor, long first, long stride) {
    static HeadColumn of(CpuTensor out, HeadRange range, Sizes sizes, long pair) {
      long first = out.offset(pair / sizes.heads(), 2) + sizes.column(range, pair);
      return new HeadColumn(out, first, out.stride(-2));
    }

    Address at(Address address, long token) {
      return address.to(tensor, first + token * stride);
    }
  }

  /**
   * Elements of native memory that an attention and its gradient need in addition to their tensors.
   *
   * @param gathered keys and values
   * @param partial sums of key and value gradients
   * @param rooms per thread, for the probabilities of a block and their gradients
   */
  record ScratchSizes(long gathered, long partial, long rooms) {

    /** Scratch memory for a packed shape. */
    static ScratchSizes of(long[] packed, HeadRange range) {
      Sizes sizes = Sizes.of(packed, range);
      return sizes.isLong()
          ? TiledAttention.scratch(sizes)
          : new ScratchSizes(0, KeyValueSums.numbers(sizes), 2 * sizes.mostQueries() * sizes.n());
    }
  }

  /**
   * Shape of the stash: the probabilities of short sequences, shift and sum per row of long ones.
   */
  static long[] stash(long[] packed, HeadRange heads) {
    Sizes sizes = Sizes.of(packed, heads);
    long n = sizes.n();
    if (sizes.isLong()) {
      return TiledAttention.stash(sizes);
    }
    return n <= KEPT ? new long[] {sizes.pairs(), n, n} : new long[] {1};
  }

  /** {@code out = softmax(s Q K^T) V}. */
  void forward(
      CpuTensor packed,
      HeadRange heads,
      Optional<DropoutMask> dropout,
      CpuTensor stash,
      CpuTensor out) {
    Sizes sizes = Sizes.of(packed, heads);
    prepare(sizes);
    long pieces = sizes.pairs() * sizes.blocks();
    int parts = Team.parts(pieces * (Math.min(BLOCK, sizes.n()) * sizes.n() + CALLS), pieces);
    team.run(
        parts,
        (part, seat) -> {
          long end = Team.start(pieces, part + 1, parts);
          for (long piece = Team.start(pieces, part, parts); piece < end; piece++) {
            long pair = piece / sizes.blocks();
            Block block = new Block(sizes, pair, piece % sizes.blocks());
            HeadAddresses head = HeadAddresses.of(packed, heads, sizes, pair);
            Address scores = scores(block, stash, seat);
            probabilities(head, block, scores, seat);
            if (dropout.isPresent()) {
              scores = drop(dropout.get(), block, scores, seat);
            }
            HeadColumn result = HeadColumn.of(out, heads, sizes, pair);
            OneDnn.multiply(
                Side.PLAIN,
                Side.PLAIN,
                block.queries(),
                sizes.width(),
                sizes.n(),
                1,
                scores,
                sizes.n(),
                head.value(seat.y, 0),
                head.keyStride(),
                0,
                result.at(seat.z, block.first()),
                result.stride());
          }
        });
  }

  private void prepare(Sizes sizes) {
    long most = sizes.mostQueries();
    team.prepare(Seat.KernelKind.SOFTMAX, sizes.n() / sizes.blocks(), sizes.n());
    team.prepare(Seat.KernelKind.SOFTMAX, most, sizes.n());
    team.prepare(Seat.KernelKind.ROOMS, most, sizes.n());
  }

  /** Memory for the probabilities of a block: the stash, or a room of the seat. */
  private static Address scores(Block block, CpuTensor stash, Seat seat) {
    return block.sizes().n() <= KEPT
        ? seat.u.to(stash, block.position())
        : seat.u.to(seat.room(0, block.numbers()), 0);
  }

  /** A block of queries of one head of one sequence. */
  record Block(Sizes sizes, long pair, long number) {
    long first() {
      return sizes.firstQuery(number);
    }

    long queries() {
      return sizes.firstQuery(number + 1) - first();
    }

    /** Number of probabilities. */
    long numbers() {
      return queries() * sizes.n();
    }

    /** Index of the first probability in {@code [..., heads, n, n]}. */
    long position() {
      return (pair * sizes.n() + first()) * sizes.n();
    }
  }

  private static void probabilities(HeadAddresses head, Block block, Address scores, Seat seat) {
    Sizes sizes = block.sizes();
    OneDnn.multiply(
        Side.PLAIN,
        Side.TRANSPOSED,
        block.queries(),
        sizes.n(),
        sizes.width(),
        sizes.scale(),
        head.query(seat.x, block.first()),
        head.queryStride(),
        head.key(seat.y, 0),
        head.keyStride(),
        0,
        scores,
        sizes.n());
    seat.softmax(block.queries(), sizes.n()).with(scores).with(scores).run();
  }

  /**
   * Applies a mask to the probabilities of a block; the result goes into the second room of the
   * seat.
   */
  private static Address drop(DropoutMask mask, Block block, Address probabilities, Seat seat) {
    Address dropped = seat.v.to(seat.room(1, block.numbers()), 0);
    long all = block.sizes().pairs() * block.sizes().n() * block.sizes().n();
    for (long done = 0; done < block.numbers(); done += Seat.CHUNK) {
      int some = (int) Math.min(Seat.CHUNK, block.numbers() - done);
      mask.factors(all, block.position() + done, seat.b, some);
      seat.x.to(probabilities, done).get(seat.a, 0, some);
      Lanes.multiply(seat.a, seat.b, some);
      seat.x.to(dropped, done).put(seat.a, 0, some);
    }
    return dropped;
  }

  /** Gradient with respect to query, key and value. */
  void gradient(
      CpuTensor packed,
      HeadRange heads,
      Optional<DropoutMask> dropout,
      CpuTensor stash,
      CpuTensor dOut,
      CpuTensor dPacked) {
    Sizes sizes = Sizes.of(packed, heads);
    prepare(sizes);
    sums.prepare(sizes);
    long groups = sizes.groups();
    long pieces = sizes.pairs() * groups;
    int parts = Team.parts(sizes.pairs() * sizes.n() * sizes.n() + pieces * CALLS, pieces);
    team.run(
        parts,
        (part, seat) -> {
          long end = Team.start(pieces, part + 1, parts);
          for (long piece = Team.start(pieces, part, parts); piece < end; piece++) {
            long pair = piece / groups;
            long group = piece % groups;
            HeadAddresses gradients = HeadAddresses.of(dPacked, heads, sizes, pair);
            GradientStep step =
                new GradientStep(
                    HeadAddresses.of(packed, heads, sizes, pair),
                    sums.of(gradients, group, pair, sizes),
                    HeadColumn.of(dOut, heads, sizes, pair),
                    stash,
                    dropout,
                    seat);
            long first = sizes.blocks() * group / groups;
            for (long block = first; block < sizes.blocks() * (group + 1) / groups; block++) {
              step.run(new Block(sizes, pair, block), block == first ? 0 : 1);
            }
          }
        });
    sums.addUp(dPacked, heads, sizes);
  }

  /** Gradient of one head of one sequence, block by block. */
  private record GradientStep(
      HeadAddresses head,
      HeadAddresses gradients,
      HeadColumn dOut,
      CpuTensor stash,
      Optional<DropoutMask> dropout,
      Seat seat) {

    /**
     * Processes one block.
     *
     * @param keep 0 for the first block, which overwrites the gradients of key and value, else 1
     */
    void run(Block block, float keep) {
      Sizes sizes = block.sizes();
      long n = sizes.n();
      long queries = block.queries();
      long width = sizes.width();
      Address p = scores(block, stash, seat);
      if (sizes.n() > KEPT) {
        probabilities(head, block, p, seat);
      }
      Address ds = seat.v.to(seat.room(1, block.numbers()), 0);
      OneDnn.multiply(
          Side.PLAIN,
          Side.TRANSPOSED,
          queries,
          n,
          width,
          1,
          dOut.at(seat.x, block.first()),
          dOut.stride(),
          head.value(seat.y, 0),
          head.keyStride(),
          0,
          ds,
          n);
      throughSoftmax(block, p, ds);
      // dV += P^T dO, dK += s dS^T Q, dQ = s dS K
      OneDnn.multiply(
          Side.TRANSPOSED,
          Side.PLAIN,
          n,
          width,
          queries,
          1,
          p,
          n,
          dOut.at(seat.x, block.first()),
          dOut.stride(),
          keep,
          gradients.value(seat.z, 0),
          gradients.keyStride());
      OneDnn.multiply(
          Side.TRANSPOSED,
          Side.PLAIN,
          n,
          width,
          queries,
          sizes.scale(),
          ds,
          n,
          head.query(seat.x, block.first()),
          head.queryStride(),
          keep,
          gradients.key(seat.z, 0),
          gradients.keyStride());
      OneDnn.multiply(
          Side.PLAIN,
          Side.PLAIN,
          queries,
          width,
          n,
          sizes.scale(),
          ds,
          n,
          head.key(seat.y, 0),
          head.keyStride(),
          0,
          gradients.query(seat.z, block.first()),
          gradients.queryStride());
    }

    /**
     * {@code ds <- p (mask ds - D)}, then {@code p <- mask p}; as many rows at a time as a chunk
     * holds.
     */
    private void throughSoftmax(Block block, Address p, Address ds) {
      int n = Math.toIntExact(block.sizes().n());
      long all = block.sizes().pairs() * n * n;
      int rows = Math.max(1, Seat.CHUNK / n);
      float[] a = seat.rows(0, rows * n);
      float[] b = seat.rows(1, rows * n);
      for (long query = 0; query < block.queries(); query += rows) {
        int some = (int) Math.min(rows, block.queries() - query);
        seat.x.to(p, query * n).get(a, 0, some * n);
        seat.y.to(ds, query * n).get(b, 0, some * n);
        if (dropout.isPresent()) {
          float[] mask = seat.rows(2, rows * n);
          dropout.get().factors(all, block.position() + query * n, mask, some * n);
          Lanes.multiply(b, mask, some * n);
          Lanes.softmaxGradient(a, b, some, n);
          Lanes.multiply(a, mask, some * n);
          seat.x.put(a, 0, some * n);
        } else {
          Lanes.softmaxGradient(a, b, some, n);
        }
        seat.y.put(b, 0, some * n);
      }
    }
  }

  @Override
  public void close() {
    sums.close();
  }
}
