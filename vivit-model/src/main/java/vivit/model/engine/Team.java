package vivit.model.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The threads of one engine, each with its seat. */
final class Team implements AutoCloseable {

  /** Numbers of memory traffic that are worth a part of their own. */
  private static final long GRAIN = 1 << 13;

  private final List<Seat> seats = new ArrayList<>();
  private final Set<Need> prepared = new HashSet<>();

  Team(int threads) {
    Threads.require(threads);
    for (int seat = 0; seat < threads; seat++) {
      seats.add(new Seat());
    }
  }

  /** What seats make for a shape. */
  record Need(Seat.Kind kind, long rows, long columns) {}

  /**
   * Lets every seat make a kernel or room before work begins, so that who works on what does not
   * show in memory.
   */
  void prepare(Seat.Kind kind, long rows, long columns) {
    if (prepared.add(new Need(kind, rows, columns))) {
      seats.forEach(seat -> seat.prepare(kind, rows, columns));
    }
  }

  /** A part of a piece of work. */
  interface Work {
    void run(int part, Seat seat);
  }

  int threads() {
    return seats.size();
  }

  void run(int parts, Work work) {
    Crew.SHARED.run(seats.size(), parts, (part, seat) -> work.run(part, seats.get(seat)));
  }

  /** How many parts are worth while for loops over this many numbers, at most {@code most}. */
  int parts(long numbers, long most) {
    long worth = Math.max(1, numbers / GRAIN);
    return (int) Math.min(Math.min(worth, most), 4L * seats.size());
  }

  /** Work on pieces {@code from} to before {@code to} of a range. */
  interface Stretch {
    void run(long from, long to, Seat seat);
  }

  /** Cuts {@code count} items of {@code size} numbers each among the threads. */
  void each(long count, long size, Stretch work) {
    int parts = parts(Math.multiplyExact(count, size), count);
    run(
        parts,
        (part, seat) -> work.run(start(count, part, parts), start(count, part + 1, parts), seat));
  }

  /** First of {@code count} items that belongs to a part. */
  static long start(long count, int part, int parts) {
    return count * part / parts;
  }

  @Override
  public void close() {
    seats.forEach(Seat::close);
  }
}
