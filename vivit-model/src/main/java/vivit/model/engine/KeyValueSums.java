package vivit.model.engine;

import org.bytedeco.javacpp.FloatPointer;
import vivit.model.engine.BlockedAttention.HeadAddresses;
import vivit.model.engine.BlockedAttention.Sizes;
import vivit.model.shape.HeadRange;

/**
 * Partial gradients of keys and values: when pairs of sequence and head are few, several groups of
 * blocks share a pair; each group has its own sums, which are added in order at the end.
 */
final class KeyValueSums implements AutoCloseable {

  private final Team team;
  private FloatPointer partial = new FloatPointer(0);

  KeyValueSums(Team team) {
    this.team = team;
  }

  /** Elements of native memory. */
  static long numbers(Sizes sizes) {
    return sizes.apart() ? sizes.groups() * sizes.keysAndValues() : 0;
  }

  void prepare(Sizes sizes) {
    if (partial.capacity() < numbers(sizes)) {
      partial.close();
      partial = new FloatPointer(numbers(sizes));
    }
  }

  /** Memory that a group adds to: its own, or the result if it is the only group. */
  HeadAddresses of(HeadAddresses gradients, long group, long pair, Sizes sizes) {
    return sizes.apart()
        ? gradients.gathered(partial, group * sizes.pairs() + pair, sizes)
        : gradients;
  }

  /** Adds the sums of all groups into the result. */
  void addUp(CpuTensor dPacked, HeadRange heads, Sizes sizes) {
    if (!sizes.apart()) {
      return;
    }
    long groups = sizes.groups();
    int width = (int) sizes.width();
    team.each(
        sizes.pairs() * sizes.n(),
        2 * groups * width,
        (from, to, seat) -> {
          float[] keys = seat.rows(0, width);
          float[] values = seat.rows(1, width);
          float[] others = seat.rows(2, width);
          for (long row = from; row < to; row++) {
            long pair = row / sizes.n();
            long token = row % sizes.n();
            HeadAddresses gradients = HeadAddresses.of(dPacked, heads, sizes, pair);
            of(gradients, 0, pair, sizes).key(seat.x, token).get(keys, 0, width);
            of(gradients, 0, pair, sizes).value(seat.x, token).get(values, 0, width);
            for (long group = 1; group < groups; group++) {
              HeadAddresses more = of(gradients, group, pair, sizes);
              more.key(seat.x, token).get(others, 0, width);
              Lanes.add(keys, others, width);
              more.value(seat.x, token).get(others, 0, width);
              Lanes.add(values, others, width);
            }
            gradients.key(seat.x, token).put(keys, 0, width);
            gradients.value(seat.x, token).put(values, 0, width);
          }
        });
  }

  @Override
  public void close() {
    partial.close();
  }
}
