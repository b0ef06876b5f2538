package vivit.spark.train;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import vivit.spark.exchange.Slice;

/** A slice on its way here; closing it gives the slice back, even if it has not arrived yet. */
record ComingSlice(CompletableFuture<Slice> slice) implements AutoCloseable {

  /** Waits for the slice, which stays pinned until this is closed. */
  Slice await() throws IOException {
    return TaskThreads.await(slice, "waiting for a slice");
  }

  @Override
  public void close() {
    CompletableFuture<Void> unused = slice.thenAccept(Slice::close);
  }
}
