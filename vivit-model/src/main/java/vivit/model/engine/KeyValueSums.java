package vivit.model.engine;

import org.bytedeco.javacpp.FloatPointer;
import vivit.model.engine.BlockedAttention.Head;
import vivit.model.engine.BlockedAttention.Sizes;
import vivit.model.shape.HeadRange;

/**
 * Gradients of keys and values apart from the tensor that they are for: where pairs of sequence and
 * head are few, several groups of blocks work on one, and each has sums of its own, added up
 * afterwards in order.
 */
final class KeyValueSums implements AutoCloseable {

  private final Team team;
  private FloatPointer partial = new FloatPointer(0);

  KeyValueSums(Team team) {
    this.team = team;
  }

  /** Numbers of native memory. */
  static long numbers(Sizes sizes) {
    return sizes.apart() ? sizes.groups() * sizes.keysAndValues() : 0;
  }

  void prepare(Sizes sizes) {
    if (partial.capacity() < numbers(sizes)) {
      partial.close();
      partial = new FloatPointer(numbers(sizes));
    }
  }

  /** Where a group adds to: gapless, or the tensor itself where one group does all. */
  Head of(Head slopes, long group, long pair, Sizes sizes) {
    return sizes.apart() ? slopes.gathered(partial, group * sizes.pairs() + pair, sizes) : slopes;
  }

  /** Writes the sums of all groups to the tensor. */
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
            Head slopes = Head.of(dPacked, heads, sizes, pair);
            of(slopes, 0, pair, sizes).key(seat.x, token).get(keys, 0, width);
            of(slopes, 0, pair, sizes).value(seat.x, token).get(values, 0, width);
            for (long group = 1; group < groups; group++) {
              Head more = of(slopes, group, pair, sizes);
              more.key(seat.x, token).get(others, 0, width);
              Lanes.add(keys, others, width);
              more.value(seat.x, token).get(others, 0, width);
              Lanes.add(values, others, width);
            }
            slopes.key(seat.x, token).put(keys, 0, width);
            slopes.value(seat.x, token).put(values, 0, width);
          }
        });
  }

  @Override
  public void close() {
    partial.close();
  }
}
