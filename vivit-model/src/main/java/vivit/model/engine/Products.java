package vivit.model.engine;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import vivit.model.engine.OneDnn.Side;

/**
 * Computes linear layers with oneDNN's single-threaded matrix product on parts of the result, split
 * along its longer side, so that no sum crosses threads.
 */
final class Products implements AutoCloseable {

  /** Multiply-adds that justify a separate part. */
  private static final long GRAIN = 1 << 20;

  /** Smallest number of rows or columns of a part; with fewer the product itself gets slower. */
  private static final long SIDE = 768;

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

  /** Division of a result {@code [rows, columns]} into parts. */
  private record Split(long rows, long columns, int parts) {
    Rectangle piece(int part) {
      boolean byRows = rows >= columns;
      long count = byRows ? rows : columns;
      long from = Team.start(count, part, parts);
      long size = Team.start(count, part + 1, parts) - from;
      return byRows ? new Rectangle(from, size, 0, columns) : new Rectangle(0, rows, from, size);
    }

    boolean slows(int part) {
      return slow(piece(part).rows(), piece(part).columns());
    }
  }

  /**
   * Whether oneDNN leaves the operands of a result of this size unpacked, which takes up to a third
   * longer; its rule for AVX2.
   */
  private static boolean slow(long rows, long columns) {
    return 1.0 / rows + 1.0 / columns >= 0.0038;
  }

  private Split split(long rows, long columns, long depth) {
    return split(team.threads(), rows, columns, depth);
  }

  private static Split split(int threads, long rows, long columns, long depth) {
    long longer = Math.max(rows, columns);
    long worth = Math.max(1, rows * columns * depth / GRAIN);
    long most = longer / SIDE >= 2L * threads ? 2L * threads : Math.min(threads, longer);
    return new Split(rows, columns, (int) Math.min(worth, most));
  }

  /** Elements of memory for the partial sums of {@link #parameterGradient} over n rows. */
  static long partialSums(int threads, long n, long in, long out) {
    return addsUpRows(split(threads, out, in, n), n) ? (threads - 1) * in * out : 0;
  }

  /** Whether a kernel's gradient is faster as a sum of parts over rows than with this split. */
  private static boolean addsUpRows(Split split, long n) {
    return split.parts() > 1 && split.slows(0) && !slow(split.rows(), split.columns()) && n >= SIDE;
  }

  /** {@code y = x W + b}, plus the residual if there is one. */
  void linear(
      CpuTensor x, CpuTensor kernel, CpuTensor bias, Optional<CpuTensor> residual, CpuTensor y) {
    long in = kernel.size(0);
    long out = kernel.size(1);
    Split split = split(x.rows(), out, in);
    team.run(
        split.parts(),
        (part, seat) -> {
          Rectangle piece = split.piece(part);
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
    Split split = split(dy.rows(), in, out);
    team.run(
        split.parts(),
        (part, seat) -> {
          Rectangle piece = split.piece(part);
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

  /** {@code dW = x^T dy}, {@code db} = column sums of dy. */
  void parameterGradient(CpuTensor x, CpuTensor dy, CpuTensor dKernel, CpuTensor dBias) {
    long in = dKernel.size(0);
    long out = dKernel.size(1);
    long n = x.rows();
    Split split = split(out, in, n);
    if (addsUpRows(split, n)) {
      parameterGradientByRows(x, dy, dKernel);
    } else {
      team.run(
          split.parts(),
          (part, seat) -> {
            Rectangle piece = split.piece(part); // of dW^T, as it is stored
            Address sum = seat.z.to(dKernel, piece.row() * in + piece.column());
            parameterGradient(x, dy, 0, n, piece, sum, seat);
          });
    }
    sumRows(start.to(dy, 0), n, out, dBias);
  }

  /** Every part sums over some of the rows; the partial sums are added in order. */
  private void parameterGradientByRows(CpuTensor x, CpuTensor dy, CpuTensor dKernel) {
    long in = dKernel.size(0);
    long out = dKernel.size(1);
    int parts = team.threads();
    long length = in * out;
    if (partial.capacity() < (parts - 1) * length) {
      partial.close();
      partial = new FloatPointer((parts - 1) * length);
    }
    Rectangle whole = new Rectangle(0, out, 0, in);
    team.run(
        parts,
        (part, seat) -> {
          long from = Team.start(x.rows(), part, parts);
          long to = Team.start(x.rows(), part + 1, parts);
          Address sum = part == 0 ? seat.z.to(dKernel, 0) : seat.z.to(partial, (part - 1) * length);
          parameterGradient(x, dy, from, to, whole, sum, seat);
        });
    team.each(
        length,
        1,
        (from, to, seat) -> {
          for (long at = from; at < to; at += Seat.CHUNK) {
            int count = (int) Math.min(Seat.CHUNK, to - at);
            Address sum = seat.z.to(dKernel, at);
            sum.get(seat.a, 0, count);
            for (int part = 1; part < parts; part++) {
              seat.y.to(partial, (part - 1) * length + at).get(seat.b, 0, count);
              Lanes.add(seat.a, seat.b, count);
            }
            sum.put(seat.a, 0, count);
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
    int parts = team.parts(n * columns, columns);
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
