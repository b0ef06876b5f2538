package vivit.model.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The threads of one engine, each with a seat. */
final class Team implements AutoCloseable {

  /** Numbers read or written that justify a separate part. */
  private static final long GRAIN = 1 << 13;

  /** Largest number of parts: enough for many threads. */
  private static final long MOST_PARTS = 64;

  private final List<Seat> seats = new ArrayList<>();
  private final Set<KernelShape> prepared = new HashSet<>();

  Team(int threads) {
    Threads.require(threads);
    for (int seat = 0; seat < threads; seat++) {
      seats.add(new Seat());
    }
  }

  /** A kernel or room that seats create in advance. */
  record KernelShape(Seat.KernelKind kind, long rows, long columns) {}

  /**
   * Creates a kernel or room in every seat before work begins, so that memory use does not depend
   * on which thread takes which part.
   */
  void prepare(Seat.KernelKind kind, long rows, long columns) {
    if (prepared.add(new KernelShape(kind, rows, columns))) {
      seats.forEach(seat -> seat.prepare(kind, rows, columns));
    }
  }

  /** Work that is divided into parts, each done on a seat. */
  interface SeatWork {
    void run(int part, Seat seat);
  }

  int threads() {
    return seats.size();
  }

  void run(int parts, SeatWork work) {
    Crew.SHARED.run(seats.size(), parts, (part, seat) -> work.run(part, seats.get(seat)));
  }

  /**
   * Number of parts that pays off for loops over {@code numbers} elements, at most {@code most};
   * independent of the number of threads, so that results are too.
   */
  static int parts(long numbers, long most) {
    long worth = Math.max(1, numbers / GRAIN);
    return (int) Math.min(Math.min(worth, most), MOST_PARTS);
  }

  /** Work on the items from {@code from} to {@code to}, exclusive. */
  interface Stretch {
    void run(long from, long to, Seat seat);
  }

  /** Divides {@code count} items of {@code size} numbers each among the threads. */
  void each(long count, long size, Stretch work) {
    int parts = parts(Math.multiplyExact(count, size), count);
    run(
        parts,
        (part, seat) -> work.run(start(count, part, parts), start(count, part + 1, parts), seat));
  }

  /** First item of a part, of {@code count} items in all. */
  static long start(long count, int part, int parts) {
    return count * part / parts;
  }

  @Override
  public void close() {
    seats.forEach(Seat::close);
  }
}
