package vivit.model.engine;

import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import vivit.model.engine.OneDnn.Side;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/**
 * Scaled dot-product attention by blocks of queries: scores of {@link #BLOCK} queries at a time, so
 * memory grows with the number of tokens, not with its square. The gradient computes the
 * probabilities again, except those of sequences of one block, which are kept.
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

  /** Pieces of work to aim for where sequences and heads are few. */
  private static final long ENOUGH = 16;

  private final Team team;
  private FloatPointer partial = new FloatPointer(0);

  BlockedAttention(Team team) {
    this.team = team;
  }

  /** One attention's sizes; everything that does not depend on the head. */
  private record Sizes(long leading, long heads, long n, long width, long blocks) {
    static Sizes of(CpuTensor packed, HeadRange range) {
      long n = packed.size(-2);
      long width = packed.size(-1) / 3 / range.heads();
      long leading = packed.length() / packed.size(-1) / n;
      return new Sizes(leading, range.count(), n, width, (n + BLOCK - 1) / BLOCK);
    }

    float scale() {
      return (float) (1 / Math.sqrt((double) width));
    }

    /** Sequences times heads. */
    long pairs() {
      return leading * heads;
    }

    long firstQuery(long block) {
      return n * block / blocks;
    }
  }

  /** One head of one sequence in a tensor of query, key and value. */
  private record Head(CpuTensor tensor, long query, long part, long stride) {
    static Head of(CpuTensor packed, HeadRange range, Sizes sizes, long pair) {
      long part = packed.size(-1) / 3;
      long column = (range.first() + pair % sizes.heads()) * sizes.width();
      long query = packed.offset(pair / sizes.heads(), 2) + column;
      return new Head(packed, query, part, packed.stride(-2));
    }

    Address query(Address address, long token) {
      return address.to(tensor, query + token * stride);
    }

    Address key(Address address) {
      return address.to(tensor, query + part);
    }

    Address value(Address address) {
      return address.to(tensor, query + 2 * part);
    }
  }

  /** One head of one sequence in a tensor {@code [..., n, d]}. */
  private record Column(CpuTensor tensor, long first, long stride) {
    static Column of(CpuTensor out, HeadRange range, Sizes sizes, long pair) {
      long column = (range.first() + pair % sizes.heads()) * sizes.width();
      long first = out.offset(pair / sizes.heads(), 2) + column;
      return new Column(out, first, out.stride(-2));
    }

    Address at(Address address, long token) {
      return address.to(tensor, first + token * stride);
    }
  }

  /** What a forward pass keeps: the probabilities of short sequences. */
  static long[] stash(long[] packed, HeadRange heads) {
    long n = packed[packed.length - 2];
    long pairs = heads.count();
    for (int axis = 0; axis < packed.length - 2; axis++) {
      pairs *= packed[axis];
    }
    return n <= BLOCK ? new long[] {pairs, n, n} : new long[] {1};
  }

  /** {@code out = softmax(s Q K^T) V}. */
  void forward(
      CpuTensor packed,
      HeadRange heads,
      Optional<DropoutMask> dropout,
      CpuTensor stash,
      CpuTensor out) {
    Sizes sizes = Sizes.of(packed, heads);
    long pieces = sizes.pairs() * sizes.blocks();
    int parts = team.parts(pieces * Math.min(BLOCK, sizes.n()) * sizes.n(), pieces);
    team.run(
        parts,
        (part, seat) -> {
          long end = Team.start(pieces, part + 1, parts);
          for (long piece = Team.start(pieces, part, parts); piece < end; piece++) {
            long pair = piece / sizes.blocks();
            Block block = new Block(sizes, pair, piece % sizes.blocks());
            Head head = Head.of(packed, heads, sizes, pair);
            Address scores = scores(block, stash, seat);
            probabilities(head, block, scores, seat);
            if (dropout.isPresent()) {
              scores = drop(dropout.get(), block, scores, seat);
            }
            Column result = Column.of(out, heads, sizes, pair);
            OneDnn.multiply(
                Side.PLAIN,
                Side.PLAIN,
                block.queries(),
                sizes.width(),
                sizes.n(),
                1,
                scores,
                sizes.n(),
                head.value(seat.y),
                head.stride(),
                0,
                result.at(seat.z, block.first()),
                result.stride());
          }
        });
  }

  /** Where a block's probabilities are: kept by the caller, or the seat's alone. */
  private static Address scores(Block block, CpuTensor stash, Seat seat) {
    return block.sizes().blocks() == 1
        ? seat.u.to(stash, block.position())
        : seat.u.to(seat.room(0, block.numbers()), 0);
  }

  /** Some queries of one head of one sequence. */
  private record Block(Sizes sizes, long pair, long number) {
    long first() {
      return sizes.firstQuery(number);
    }

    long queries() {
      return sizes.firstQuery(number + 1) - first();
    }

    /** Probabilities of the block. */
    long numbers() {
      return queries() * sizes.n();
    }

    /** Of the block's first probability in {@code [..., heads, n, n]}. */
    long position() {
      return (pair * sizes.n() + first()) * sizes.n();
    }
  }

  private static void probabilities(Head head, Block block, Address scores, Seat seat) {
    Sizes sizes = block.sizes();
    OneDnn.multiply(
        Side.PLAIN,
        Side.TRANSPOSED,
        block.queries(),
        sizes.n(),
        sizes.width(),
        sizes.scale(),
        head.query(seat.x, block.first()),
        head.stride(),
        head.key(seat.y),
        head.stride(),
        0,
        scores,
        sizes.n());
    seat.softmax(block.queries(), sizes.n()).with(scores).with(scores).run();
  }

  /** The block's probabilities times their mask, in the seat's second room. */
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
    // where pairs are few, several groups of blocks work on one; all but the first have their own
    // sums of key and value gradients, added up afterwards in order
    long groups = Math.max(1, Math.min(sizes.blocks(), ENOUGH / sizes.pairs()));
    long half = sizes.n() * sizes.width();
    if (partial.capacity() < sizes.pairs() * (groups - 1) * 2 * half) {
      partial.close();
      partial = new FloatPointer(sizes.pairs() * (groups - 1) * 2 * half);
    }
    long pieces = sizes.pairs() * groups;
    int parts = team.parts(sizes.pairs() * sizes.n() * sizes.n(), pieces);
    team.run(
        parts,
        (part, seat) -> {
          long end = Team.start(pieces, part + 1, parts);
          for (long piece = Team.start(pieces, part, parts); piece < end; piece++) {
            long pair = piece / groups;
            long group = piece % groups;
            Step step =
                new Step(
                    Head.of(packed, heads, sizes, pair),
                    Head.of(dPacked, heads, sizes, pair),
                    Column.of(dOut, heads, sizes, pair),
                    stash,
                    dropout,
                    seat);
            long firstBlock = sizes.blocks() * group / groups;
            long endBlock = sizes.blocks() * (group + 1) / groups;
            for (long number = firstBlock; number < endBlock; number++) {
              Block block = new Block(sizes, pair, number);
              float keep = number == firstBlock ? 0 : 1;
              if (group == 0) {
                step.run(block, keep, step.slopes().key(seat.w), step.slopes().stride());
              } else {
                long at = ((group - 1) * sizes.pairs() + pair) * 2 * half;
                step.run(block, keep, seat.w.to(partial, at), sizes.width());
              }
            }
          }
        });
    if (groups > 1) {
      addPartial(dPacked, heads, sizes, groups);
    }
  }

  private void addPartial(CpuTensor dPacked, HeadRange heads, Sizes sizes, long groups) {
    int width = (int) sizes.width();
    long half = sizes.n() * sizes.width();
    team.each(
        sizes.pairs() * 2 * sizes.n(),
        groups * width,
        (from, to, seat) -> {
          for (long row = from; row < to; row++) {
            long pair = row / (2 * sizes.n());
            long side = row / sizes.n() % 2;
            long token = row % sizes.n();
            Head slopes = Head.of(dPacked, heads, sizes, pair);
            Address sum = slopes.key(seat.u).skip(side * slopes.part() + token * slopes.stride());
            sum.get(seat.a, 0, width);
            for (long group = 1; group < groups; group++) {
              long at = ((group - 1) * sizes.pairs() + pair) * 2 * half;
              seat.v.to(partial, at + side * half + token * width).get(seat.b, 0, width);
              Lanes.add(seat.a, seat.b, width);
            }
            sum.put(seat.a, 0, width);
          }
        });
  }

  /** The gradient of one head of one sequence, block by block. */
  private record Step(
      Head head,
      Head slopes,
      Column dOut,
      CpuTensor stash,
      Optional<DropoutMask> dropout,
      Seat seat) {

    /**
     * One block.
     *
     * @param keep 0 where the gradients of key and value begin, 1 where they go on
     * @param dKey where the key's gradient is summed; with this stride, the value's stands {@code
     *     part} further, or behind it where rows are gapless
     */
    void run(Block block, float keep, Address dKey, long stride) {
      Sizes sizes = block.sizes();
      long n = sizes.n();
      long queries = block.queries();
      long width = sizes.width();
      long toValue = stride == width ? n * width : slopes.part();
      Address p = scores(block, stash, seat);
      if (sizes.blocks() > 1) {
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
          head.value(seat.y),
          head.stride(),
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
          seat.z.to(dKey, toValue),
          stride);
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
          head.stride(),
          keep,
          dKey,
          stride);
      OneDnn.multiply(
          Side.PLAIN,
          Side.PLAIN,
          queries,
          width,
          n,
          sizes.scale(),
          ds,
          n,
          head.key(seat.y),
          head.stride(),
          0,
          slopes.query(seat.z, block.first()),
          slopes.stride());
    }

    /** {@code ds <- p (mask ds - D)}, then {@code p <- mask p}; as many rows at a time as fit. */
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
    partial.close();
  }
}
