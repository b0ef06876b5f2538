package vivit.model.engine;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import vivit.model.engine.OneDnn.Side;

/**
 * Computes linear layers with oneDNN's single-threaded matrix product on parts of the work. The
 * parts, and with them the bits of the result, depend on the shape alone, because the product adds
 * up in another order for other sizes.
 */
final class Products implements AutoCloseable {

  /** Multiply-adds that justify two parts. */
  private static final long GRAIN = 1 << 21;

  /** Multiply-adds of a part that justify more than two parts. */
  private static final long MUCH = 1 << 23;

  /** Multiply-adds of a part that justify parts with slower products. */
  private static final long VERY_MUCH = 1 << 28;

  /** oneDNN's limits of {@link #unpacked} operands. */
  private static final double AVX2 = 0.0038;

  private static final double AVX512 = 0.00196;

  /** Smallest longer side of more than two parts. */
  private static final long NARROW = 192;

  /** Parts that suffice if more would slow down the product. */
  private static final int FEW = 4;

  /** Largest number of parts. */
  private static final int MOST = 16;

  /** Smallest number of rows of a partial sum; with fewer, adding the sums up takes too long. */
  private static final long SUMMED = 768;

  /** Smallest number of columns of a part when rows are summed. */
  private static final long SUMMED_COLUMNS = 32;

  private final Team team;
  private final Address start = new Address();
  private final Address allOnes = new Address();
  private FloatPointer ones = new FloatPointer(0);
  private FloatPointer partial = new FloatPointer(0);

  Products(Team team) {
    this.team = team;
  }

  /** A rectangle of a result. */
  private record Rectangle(long row, long rows, long column, long columns) {}

  /** Division of a result {@code [rows, columns]} into {@code down} times {@code across} parts. */
  private record Grid(long rows, long columns, int down, int across) {

    /** Division of a result whose elements are sums over {@code depth} products. */
    static Grid of(long rows, long columns, long depth) {
      return of(rows, columns, depth, 0);
    }

    /**
     * Division into fewer parts if more would be unpacked with AVX-512.
     *
     * @param enough multiply-adds of a part that justify that
     */
    static Grid of(long rows, long columns, long depth, long enough) {
      Grid grid = new Grid(rows, columns, 1, 1);
      while (grid.paysToHalve(depth, enough)) {
        grid = grid.halved();
      }
      return grid;
    }

    int parts() {
      return down * across;
    }

    private long height() {
      return rows / down;
    }

    private long width() {
      return columns / across;
    }

    private long longerSide() {
      return Math.max(height(), width());
    }

    /** Halves every part along its longer side. */
    private Grid halved() {
      return height() >= width()
          ? new Grid(rows, columns, 2 * down, across)
          : new Grid(rows, columns, down, 2 * across);
    }

    private boolean paysToHalve(long depth, long enough) {
      long work = height() * width() * depth;
      if (parts() == 1) {
        return work >= GRAIN && longerSide() >= 2;
      }
      if (parts() == MOST || work < MUCH || longerSide() / 2 < NARROW) {
        return false;
      }
      Grid half = halved();
      boolean unpacks =
          !unpacked(height(), width(), AVX512) && unpacked(half.height(), half.width(), AVX512);
      if (unpacks && work < enough) {
        return false;
      }
      return parts() < FEW
          || !slow(half.height(), half.width())
          || (parts() < 2 * FEW && work >= VERY_MUCH);
    }

    Rectangle piece(int part) {
      int row = part / across;
      int column = part % across;
      long top = Team.start(rows, row, down);
      long left = Team.start(columns, column, across);
      return new Rectangle(
          top,
          Team.start(rows, row + 1, down) - top,
          left,
          Team.start(columns, column + 1, across) - left);
    }
  }

  /**
   * Division of a kernel's gradient: partial sums over rows of the input, and parts of each sum.
   */
  private record GradientParts(int sums, Grid grid) {
    static GradientParts of(long n, long in, long out) {
      if (n < SUMMED || slow(out, in)) {
        return new GradientParts(1, Grid.of(out, in, n));
      }
      int sums = n < FEW * SUMMED ? 2 : FEW;
      Grid grid = new Grid(out, in, 1, 1);
      while (sums * grid.parts() < MOST && grid.longerSide() / 2 >= 2 * SUMMED) {
        grid = grid.halved();
      }
      return new GradientParts(sums, grid);
    }

    int parts() {
      return sums * grid.parts();
    }
  }

  /**
   * Whether oneDNN leaves the operands of a result of this size unpacked, which takes up to a third
   * longer; its rule for AVX2.
   */
  private static boolean slow(long rows, long columns) {
    return unpacked(rows, columns, AVX2);
  }

  private static boolean unpacked(long rows, long columns, double limit) {
    return 1.0 / rows + 1.0 / columns >= limit;
  }

  /** Elements of memory for the partial sums of {@link #parameterGradient} over n rows. */
  static long partialSums(long n, long in, long out) {
    return (GradientParts.of(n, in, out).sums() - 1) * in * out;
  }

  /** {@code y = x W + b}, plus the residual if there is one. */
  void linear(
      CpuTensor x, CpuTensor kernel, CpuTensor bias, Optional<CpuTensor> residual, CpuTensor y) {
    long in = kernel.size(0);
    long out = kernel.size(1);
    Grid grid = Grid.of(x.rows(), out, in);
    team.run(
        grid.parts(),
        (part, seat) -> {
          Rectangle piece = grid.piece(part);
          if (residual.isPresent()) {
            shifted(residual.get(), bias, piece, y, seat);
          } else {
            repeated(bias, piece, y, seat);
          }
          OneDnn.multiply(
              Side.PLAIN,
              Side.TRANSPOSED,
              piece.rows(),
              piece.columns(),
              in,
              1,
              seat.x.to(x, piece.row() * in),
              in,
              seat.y.to(kernel, piece.column() * in),
              in,
              1,
              seat.z.to(y, piece.row() * out + piece.column()),
              out);
        });
  }

  /** Fills every row of the rectangle with the bias. */
  private static void repeated(CpuTensor bias, Rectangle piece, CpuTensor y, Seat seat) {
    long out = y.size(-1);
    long first = piece.row() * out + piece.column();
    seat.x.to(bias, piece.column()).copyTo(seat.y.to(y, first), piece.columns());
    if (piece.columns() < out) {
      for (long row = 1; row < piece.rows(); row++) {
        seat.x.copyTo(seat.y.skip(out), piece.columns());
      }
      return;
    }
    for (long done = 1; done < piece.rows(); done *= 2) {
      long more = Math.min(done, piece.rows() - done);
      seat.x.to(y, first).copyTo(seat.y.to(y, first + done * out), more * out);
    }
  }

  /** Fills every row of the rectangle with the residual's row plus the bias. */
  private static void shifted(
      CpuTensor residual, CpuTensor bias, Rectangle piece, CpuTensor y, Seat seat) {
    long out = y.size(-1);
    for (long column = 0; column < piece.columns(); column += Seat.CHUNK) {
      int count = (int) Math.min(Seat.CHUNK, piece.columns() - column);
      seat.load(bias, piece.column() + column, seat.b, count);
      for (long row = piece.row(); row < piece.row() + piece.rows(); row++) {
        long at = row * out + piece.column() + column;
        seat.load(residual, at, seat.a, count);
        Lanes.add(seat.a, seat.b, count);
        seat.store(seat.a, count, y, at);
      }
    }
  }

  /** {@code dx = dy W^T}. */
  void inputGradient(CpuTensor dy, CpuTensor kernel, CpuTensor dx) {
    long in = kernel.size(0);
    long out = kernel.size(1);
    Grid grid = Grid.of(dy.rows(), in, out, 2 * VERY_MUCH);
    team.run(
        grid.parts(),
        (part, seat) -> {
          Rectangle piece = grid.piece(part);
          OneDnn.multiply(
              Side.PLAIN,
              Side.PLAIN,
              piece.rows(),
              piece.columns(),
              out,
              1,
              seat.x.to(dy, piece.row() * out),
              out,
              seat.y.to(kernel, piece.column()),
              in,
              0,
              seat.z.to(dx, piece.row() * in + piece.column()),
              in);
        });
  }

  /**
   * {@code dW = x^T dy}, {@code db} = column sums of dy; partial sums over rows are added in order.
   */
  void parameterGradient(CpuTensor x, CpuTensor dy, CpuTensor dKernel, CpuTensor dBias) {
    long in = dKernel.size(0);
    long out = dKernel.size(1);
    long n = x.rows();
    GradientParts parts = GradientParts.of(n, in, out);
    long length = in * out;
    if (partial.capacity() < partialSums(n, in, out)) {
      partial.close();
      partial = new FloatPointer(partialSums(n, in, out));
    }
    Grid grid = parts.grid();
    team.run(
        parts.parts(),
        (part, seat) -> {
          int sum = part / grid.parts();
          long from = Team.start(n, sum, parts.sums());
          long to = Team.start(n, sum + 1, parts.sums());
          Rectangle piece = grid.piece(part % grid.parts()); // of dW^T, as it is stored
          long first = piece.row() * in + piece.column();
          Address into =
              sum == 0 ? seat.z.to(dKernel, first) : seat.z.to(partial, (sum - 1) * length + first);
          parameterGradient(x, dy, from, to, piece, into, seat);
        });
    if (parts.sums() > 1) {
      addUp(parts.sums(), dKernel, length);
    }
    sumRows(start.to(dy, 0), n, out, dBias);
  }

  /** Adds all partial sums but the first into the first. */
  private void addUp(int sums, CpuTensor first, long length) {
    team.each(
        length,
        1,
        (from, to, seat) -> {
          for (long at = from; at < to; at += Seat.CHUNK) {
            int count = (int) Math.min(Seat.CHUNK, to - at);
            Address all = seat.z.to(first, at);
            all.get(seat.a, 0, count);
            for (int sum = 1; sum < sums; sum++) {
              seat.y.to(partial, (sum - 1) * length + at).get(seat.b, 0, count);
              Lanes.add(seat.a, seat.b, count);
            }
            all.put(seat.a, 0, count);
          }
        });
  }

  /** A rectangle of {@code dy^T x}, summed over a range of rows. */
  private static void parameterGradient(
      CpuTensor x, CpuTensor dy, long from, long to, Rectangle piece, Address sum, Seat seat) {
    long in = x.size(-1);
    long out = dy.size(-1);
    OneDnn.multiply(
        Side.TRANSPOSED,
        Side.PLAIN,
        piece.rows(),
        piece.columns(),
        to - from,
        1,
        seat.x.to(dy, from * out + piece.row()),
        out,
        seat.y.to(x, from * in + piece.column()),
        in,
        0,
        sum,
        in);
  }

  /** Sums {@code [n, columns]} at an address over n. */
  void sumRows(Pointer x, long n, long columns, CpuTensor sums) {
    Address ones = ones(n);
    int parts = Team.parts(n * columns, Math.max(1, Math.min(MOST, columns / SUMMED_COLUMNS)));
    team.run(
        parts,
        (part, seat) -> {
          long from = Team.start(columns, part, parts);
          long count = Team.start(columns, part + 1, parts) - from;
          OneDnn.multiply(
              Side.PLAIN,
              Side.PLAIN,
              1,
              count,
              n,
              1,
              ones,
              n,
              seat.x.to(x, from),
              columns,
              0,
              seat.z.to(sums, from),
              count);
        });
  }

  /** A vector of ones that all threads read. */
  private Address ones(long count) {
    if (ones.capacity() < count) {
      ones.close();
      ones = new FloatPointer(count);
      float[] chunk = new float[(int) Math.min(count, Seat.CHUNK)];
      Arrays.fill(chunk, 1);
      for (long from = 0; from < count; from += chunk.length) {
        allOnes.to(ones, from).put(chunk, 0, (int) Math.min(chunk.length, count - from));
      }
    }
    return allOnes.to(ones, 0);
  }

  @Override
  public void close() {
    ones.close();
    partial.close();
  }
}
