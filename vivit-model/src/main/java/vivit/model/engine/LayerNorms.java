package vivit.model.engine;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Computes layer norm with oneDNN's kernels on chunks of rows; partial sums over rows are added in
 * order.
 */
final class LayerNorms implements AutoCloseable {

  /** Elements of a chunk of rows, which stays in the second-level cache. */
  private static final long CHUNK = 1 << 15;

  /** Smallest number of chunks, even if they have few rows. */
  private static final long FEW = 4;

  private final Team team;
  private final Products products;
  private final Address start = new Address();
  private FloatPointer sums = new FloatPointer(0);

  LayerNorms(Team team, Products products) {
    this.team = team;
    this.products = products;
  }

  /** Writes mean and variance of every row to {@code statistics}. */
  void forward(CpuTensor x, CpuTensor scale, CpuTensor bias, CpuTensor statistics, CpuTensor y) {
    long rows = x.rows();
    long width = x.size(-1);
    int chunks = chunks(rows, width);
    prepare(Seat.KernelKind.LAYER_NORM, rows, chunks, width);
    team.run(
        chunks,
        (chunk, seat) -> {
          long first = Team.start(rows, chunk, chunks);
          long count = Team.start(rows, chunk + 1, chunks) - first;
          seat.layerNorm(count, width)
              .with(seat.x.to(x, first * width))
              .with(seat.x.to(scale, 0))
              .with(seat.x.to(bias, 0))
              .with(seat.x.to(statistics, first))
              .with(seat.x.to(statistics, rows + first))
              .with(seat.x.to(y, first * width))
              .run();
        });
  }

  /** Adds the gradient to dx; overwrites dy. */
  void gradient(
      CpuTensor x,
      CpuTensor statistics,
      CpuTensor scale,
      CpuTensor dy,
      CpuTensor dx,
      CpuTensor dScale,
      CpuTensor dBias) {
    long rows = x.rows();
    long width = x.size(-1);
    int chunks = chunks(rows, width);
    prepare(Seat.KernelKind.LAYER_NORM_GRADIENT, rows, chunks, width);
    long numbers = partialSums(rows, width);
    if (sums.capacity() < numbers) {
      sums.close();
      sums = new FloatPointer(numbers);
    }
    team.run(
        chunks,
        (chunk, seat) -> {
          long first = Team.start(rows, chunk, chunks);
          long count = Team.start(rows, chunk + 1, chunks) - first;
          seat.layerNormGradient(count, width)
              .with(seat.x.to(x, first * width))
              .with(seat.x.to(scale, 0))
              .with(seat.x.to(statistics, first))
              .with(seat.x.to(statistics, rows + first))
              .with(seat.x.to(dy, first * width))
              .with(seat.x.to(dy, first * width))
              .with(seat.x.to(sums, chunk * width))
              .with(seat.x.to(sums, (chunks + chunk) * width))
              .run();
          Elementwise.zip(
              dx,
              first * width,
              dy,
              first * width,
              Lanes::add,
              dx,
              first * width,
              count * width,
              seat);
        });
    products.sumRows(start.to(sums, 0), chunks, width, dScale);
    products.sumRows(start.to(sums, chunks * width), chunks, width, dBias);
  }

  private void prepare(Seat.KernelKind kind, long rows, long chunks, long width) {
    team.prepare(kind, rows / chunks, width);
    team.prepare(kind, (rows + chunks - 1) / chunks, width);
  }

  /** Elements of memory that {@link #gradient} needs in addition to its tensors. */
  static long partialSums(long rows, long width) {
    return 2L * chunks(rows, width) * width;
  }

  /** Number of chunks; independent of the number of threads, so that the sums are too. */
  private static int chunks(long rows, long width) {
    long numbers = rows * width;
    long chunks = Math.max(numbers / CHUNK, Math.min(FEW, FEW * numbers / CHUNK));
    return (int) Math.max(1, Math.min(rows, chunks));
  }

  @Override
  public void close() {
    sums.close();
  }
}
