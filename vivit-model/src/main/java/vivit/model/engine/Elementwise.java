package vivit.model.engine;

import java.util.Arrays;
import java.util.List;
import vivit.model.engine.Engine.Descent;
import vivit.model.regularise.DropoutMask;

/** Elementwise operations: chunks are copied to the heap, processed there and copied back. */
final class Elementwise {

  private final Team team;

  Elementwise(Team team) {
    this.team = team;
  }

  /** Processes the first {@code count} numbers in place. */
  interface Unary {
    void apply(float[] values, int count);
  }

  /** Combines two arrays into {@code values}. */
  interface Binary {
    void apply(float[] values, float[] others, int count);
  }

  /** {@code y = f(x)}. */
  void map(CpuTensor x, Unary f, CpuTensor y) {
    team.each(x.length(), 1, (from, to, seat) -> map(x, from, f, y, from, to - from, seat));
  }

  /** {@code y = f(x)} on a range of each. */
  static void map(CpuTensor x, long fromX, Unary f, CpuTensor y, long fromY, long n, Seat seat) {
    for (long done = 0; done < n; done += Seat.CHUNK) {
      int count = (int) Math.min(Seat.CHUNK, n - done);
      seat.load(x, fromX + done, seat.a, count);
      f.apply(seat.a, count);
      seat.store(seat.a, count, y, fromY + done);
    }
  }

  /** {@code y = f(x1, x2)}. */
  void zip(CpuTensor x1, CpuTensor x2, Binary f, CpuTensor y) {
    team.each(
        y.length(), 1, (from, to, seat) -> zip(x1, from, x2, from, f, y, from, to - from, seat));
  }

  /** {@code y = f(x1, x2)} on a range of each. */
  static void zip(
      CpuTensor x1,
      long from1,
      CpuTensor x2,
      long from2,
      Binary f,
      CpuTensor y,
      long fromY,
      long n,
      Seat seat) {
    for (long done = 0; done < n; done += Seat.CHUNK) {
      int count = (int) Math.min(Seat.CHUNK, n - done);
      seat.load(x1, from1 + done, seat.a, count);
      seat.load(x2, from2 + done, seat.b, count);
      f.apply(seat.a, seat.b, count);
      seat.store(seat.a, count, y, fromY + done);
    }
  }

  /** {@code y[b] = factors[b] x[b]}. */
  void scale(CpuTensor x, CpuTensor factors, CpuTensor y) {
    long size = x.length() / factors.length();
    team.each(
        factors.length(),
        size,
        (first, end, seat) -> {
          for (long block = first; block < end; block++) {
            float factor = seat.x.to(factors, block).get();
            Unary f = (values, count) -> Lanes.scale(values, factor, count);
            map(x, block * size, f, y, block * size, size, seat);
          }
        });
  }

  /** {@code y[b] = x[b] + factors[b] branch[b]}. */
  void addScaled(CpuTensor x, CpuTensor branch, CpuTensor factors, CpuTensor y) {
    long size = x.length() / factors.length();
    team.each(
        factors.length(),
        size,
        (first, end, seat) -> {
          for (long block = first; block < end; block++) {
            float factor = seat.x.to(factors, block).get();
            Binary f = (values, others, count) -> Lanes.addScaled(values, factor, others, count);
            long at = block * size;
            zip(x, at, branch, at, f, y, at, size, seat);
          }
        });
  }

  /** {@code y = mask x}. */
  void dropout(CpuTensor x, DropoutMask mask, CpuTensor y) {
    team.each(
        x.length(),
        1,
        (from, to, seat) -> {
          for (long at = from; at < to; at += Seat.CHUNK) {
            int count = (int) Math.min(Seat.CHUNK, to - at);
            seat.load(x, at, seat.a, count);
            mask.factors(x.length(), at, seat.b, count);
            Lanes.multiply(seat.a, seat.b, count);
            seat.store(seat.a, count, y, at);
          }
        });
  }

  void fill(CpuTensor y, float value) {
    map(y, (values, count) -> Arrays.fill(values, 0, count, value), y);
  }

  double sumOfSquares(CpuTensor x) {
    int parts = (int) Math.max(1, Math.min(64, x.length() / Seat.CHUNK)); // the same on any machine
    double[] sums = new double[parts];
    team.run(
        parts,
        (part, seat) -> {
          long end = Team.start(x.length(), part + 1, parts);
          for (long at = Team.start(x.length(), part, parts); at < end; at += Seat.CHUNK) {
            int count = (int) Math.min(Seat.CHUNK, end - at);
            seat.load(x, at, seat.a, count);
            sums[part] += Lanes.sumOfSquares(seat.a, count);
          }
        });
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum;
  }

  void descend(CpuTensor gradient, List<CpuTensor> states, CpuTensor parameters, Descent descent) {
    team.each(
        gradient.length(),
        1,
        (from, to, seat) -> {
          for (long at = from; at < to; at += Seat.CHUNK) {
            int count = (int) Math.min(Seat.CHUNK, to - at);
            seat.load(parameters, at, seat.a, count);
            for (int state = 0; state < states.size(); state++) {
              seat.load(states.get(state), at, seat.states[state], count);
            }
            seat.load(gradient, at, seat.c, count);
            Lanes.descend(seat.a, seat.states, seat.c, count, descent);
            for (int state = 0; state < states.size(); state++) {
              seat.store(seat.states[state], count, states.get(state), at);
            }
            seat.store(seat.a, count, parameters, at);
          }
        });
  }

  /** {@code y = x} with any strides. */
  void copy(CpuTensor x, CpuTensor y) {
    if (x.gapless() && y.gapless()) {
      team.each(
          x.length(),
          1,
          (from, to, seat) -> seat.x.to(x, from).copyTo(seat.y.to(y, from), to - from));
      return;
    }
    boolean runs = x.axes() > 0 && x.stride(-1) == 1 && y.stride(-1) == 1;
    long run = runs ? x.size(-1) : 1;
    int trailing = runs ? 1 : 0;
    team.each(
        x.length() / run,
        run,
        (from, to, seat) -> {
          for (long row = from; row < to; row++) {
            seat.x
                .to(x, x.offset(row, trailing))
                .copyTo(seat.y.to(y, y.offset(row, trailing)), run);
          }
        });
  }
}
