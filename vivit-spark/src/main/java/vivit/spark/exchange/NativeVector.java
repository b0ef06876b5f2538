package vivit.spark.exchange;

import java.io.IOException;

/** A flat vector in slices of native memory; read and written from any offset. */
public final class NativeVector implements AutoCloseable {
  private final SliceStore store;
  private final Slicing slicing;
  private final Slice[] slices;

  /** Allocates a vector of zeros. */
  public NativeVector(SliceStore store, Slicing slicing) {
    this.store = store;
    this.slicing = slicing;
    this.slices = new Slice[slicing.count()];
    for (int i = 0; i < slices.length; i++) {
      slices[i] = store.allocate(slicing.length(i));
      slices[i].clear();
    }
  }

  /** Copies the vector. */
  public NativeVector copy() {
    NativeVector copy = new NativeVector(store, slicing);
    for (int i = 0; i < slices.length; i++) {
      copy.slices[i].bytes().put(slices[i].bytes());
    }
    return copy;
  }

  /** Copies {@code into.length} values, starting at {@code offset}. */
  public void read(long offset, float[] into) throws IOException {
    slicing.pieces(
        offset,
        into.length,
        (slice, at, done, count) -> slices[slice].floats().position(at).get(into, done, count));
  }

  /** Stores values, starting at {@code offset}. */
  public void write(long offset, float[] values) throws IOException {
    slicing.pieces(
        offset,
        values.length,
        (slice, at, done, count) -> slices[slice].floats().position(at).put(values, done, count));
  }

  /** Puts all slices into the store, under the names of a table's vector. */
  public void publish(SliceTable table, String vector) {
    for (int i = 0; i < slices.length; i++) {
      store.put(table.name(vector, i), slices[i]);
      slices[i] = null;
    }
  }

  /** Gives back what was not published. */
  @Override
  public void close() {
    for (Slice slice : slices) {
      if (slice != null) {
        slice.close();
      }
    }
  }
}
