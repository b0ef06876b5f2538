package vivit.spark.train;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;

/** A slice on its way here; closing it gives the slice back, even if it has not arrived yet. */
record ComingSlice(CompletableFuture<Slice> slice) implements AutoCloseable {

  /** Asks those who hold a slice of a vector, at a table's version, for it. */
  static ComingSlice of(
      Exchange exchange, SliceTable table, Slicing slicing, String vector, int slice) {
    return new ComingSlice(
        exchange.obtain(
            table.holders(vector, slice), table.name(vector, slice), slicing.length(slice)));
  }

  /** Waits for the slice, which stays pinned until this is closed. */
  Slice await() throws IOException {
    return TaskThreads.await(slice, "waiting for a slice");
  }

  @Override
  public void close() {
    CompletableFuture<Void> unused = slice.thenAccept(Slice::close);
  }
}
