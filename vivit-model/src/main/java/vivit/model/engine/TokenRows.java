package vivit.model.engine;

import java.util.Arrays;

/** Operations on the tokens of sequences {@code [b, n, d]}: positions, read-outs. */
final class TokenRows {

  private final Team team;

  TokenRows(Team team) {
    this.team = team;
  }

  /** {@code y[b] = tokens[b] + positions}. */
  void addPositions(CpuTensor tokens, CpuTensor positions, CpuTensor y) {
    long size = positions.length();
    team.each(
        tokens.length() / size,
        size,
        (first, end, seat) -> {
          for (long b = first; b < end; b++) {
            long at = b * size;
            Elementwise.zip(tokens, at, positions, 0, Lanes::add, y, at, size, seat);
          }
        });
  }

  /** {@code y[b] = (token, tokens[b]) + positions}. */
  void prepend(CpuTensor tokens, CpuTensor token, CpuTensor positions, CpuTensor y) {
    long d = tokens.size(-1);
    long size = tokens.size(1) * d;
    team.each(
        tokens.size(0),
        size,
        (first, end, seat) -> {
          for (long b = first; b < end; b++) {
            long at = b * (size + d);
            Elementwise.zip(token, 0, positions, 0, Lanes::add, y, at, d, seat);
            Elementwise.zip(tokens, b * size, positions, d, Lanes::add, y, at + d, size, seat);
          }
        });
  }

  /** {@code y[b] = x[b, 0]}. */
  void first(CpuTensor x, CpuTensor y) {
    long d = x.size(-1);
    long size = x.size(1) * d;
    team.each(
        x.size(0),
        d,
        (first, end, seat) -> {
          for (long b = first; b < end; b++) {
            seat.x.to(x, b * size).copyTo(seat.y.to(y, b * d), d);
          }
        });
  }

  /** {@code dx[b, 0] = dy[b]}, zero elsewhere. */
  void firstGradient(CpuTensor dy, CpuTensor dx) {
    long d = dx.size(-1);
    long size = dx.size(1) * d;
    team.each(
        dx.size(0),
        size,
        (first, end, seat) -> {
          seat.x.to(dx, first * size).clear((end - first) * size);
          for (long b = first; b < end; b++) {
            seat.x.to(dy, b * d).copyTo(seat.y.to(dx, b * size), d);
          }
        });
  }

  /** {@code dx[b]} = all tokens of dy[b] but the first. */
  void dropFirst(CpuTensor dy, CpuTensor dx) {
    long d = dy.size(-1);
    long size = dx.size(1) * d;
    team.each(
        dx.size(0),
        size,
        (first, end, seat) -> {
          for (long b = first; b < end; b++) {
            seat.x.to(dy, b * (size + d) + d).copyTo(seat.y.to(dx, b * size), size);
          }
        });
  }

  /** {@code y[b] = factor sum(x[b])} over tokens. */
  void sum(CpuTensor x, float factor, CpuTensor y) {
    reduce(x, Lanes::add, (values, count) -> Lanes.scale(values, factor, count), y);
  }

  /** {@code y[b] = max(x[b])} over tokens. */
  void max(CpuTensor x, CpuTensor y) {
    reduce(x, Lanes::max, (values, count) -> {}, y);
  }

  private void reduce(CpuTensor x, Elementwise.Binary join, Elementwise.Unary finish, CpuTensor y) {
    long n = x.size(1);
    long d = x.size(-1);
    team.each(
        x.size(0),
        n * d,
        (first, end, seat) -> {
          for (long b = first; b < end; b++) {
            for (long column = 0; column < d; column += Seat.CHUNK) {
              int count = (int) Math.min(Seat.CHUNK, d - column);
              seat.load(x, b * n * d + column, seat.a, count);
              for (long token = 1; token < n; token++) {
                seat.load(x, (b * n + token) * d + column, seat.b, count);
                join.apply(seat.a, seat.b, count);
              }
              finish.apply(seat.a, count);
              seat.store(seat.a, count, y, b * d + column);
            }
          }
        });
  }

  /** {@code dx[b, i] = factor dy[b]}. */
  void sumGradient(CpuTensor dy, float factor, CpuTensor dx) {
    long n = dx.size(1);
    long d = dx.size(-1);
    team.each(
        dx.size(0),
        n * d,
        (first, end, seat) -> {
          for (long b = first; b < end; b++) {
            for (long column = 0; column < d; column += Seat.CHUNK) {
              int count = (int) Math.min(Seat.CHUNK, d - column);
              seat.load(dy, b * d + column, seat.a, count);
              Lanes.scale(seat.a, factor, count);
              for (long token = 0; token < n; token++) {
                seat.store(seat.a, count, dx, (b * n + token) * d + column);
              }
            }
          }
        });
  }

  /** {@code dx[b, i] = dy[b] / k} at the k tokens where {@code x[b, i] = y[b]}, zero elsewhere. */
  void maxGradient(CpuTensor x, CpuTensor y, CpuTensor dy, CpuTensor dx) {
    long n = x.size(1);
    long d = x.size(-1);
    team.each(
        x.size(0),
        n * d,
        (first, end, seat) -> {
          float[] largest = new float[Seat.CHUNK];
          float[] share = new float[Seat.CHUNK];
          for (long b = first; b < end; b++) {
            for (long column = 0; column < d; column += Seat.CHUNK) {
              int count = (int) Math.min(Seat.CHUNK, d - column);
              seat.load(y, b * d + column, largest, count);
              Arrays.fill(seat.b, 0, count, 0);
              for (long token = 0; token < n; token++) {
                seat.load(x, (b * n + token) * d + column, seat.a, count);
                for (int i = 0; i < count; i++) {
                  seat.b[i] += seat.a[i] == largest[i] ? 1 : 0;
                }
              }
              seat.load(dy, b * d + column, share, count);
              for (int i = 0; i < count; i++) {
                share[i] /= seat.b[i];
              }
              for (long token = 0; token < n; token++) {
                seat.load(x, (b * n + token) * d + column, seat.a, count);
                for (int i = 0; i < count; i++) {
                  seat.a[i] = (seat.a[i] == largest[i] ? 1 : 0) * share[i]; // NaN stays NaN
                }
                seat.store(seat.a, count, dx, (b * n + token) * d + column);
              }
            }
          }
        });
  }
}
