package vivit.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import vivit.spark.exchange.Slice;

/** A slice on its way here; closing it gives the slice back, even if it has not arrived yet. */
record ComingSlice(CompletableFuture<Slice> slice) implements AutoCloseable {

  /** Waits for the slice, which stays pinned until this is closed. */
  Slice await() throws IOException {
    try {
      return slice.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException io) {
        throw new IOException(io.getMessage(), io);
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Stopped while waiting for a slice");
    }
  }

  @Override
  public void close() {
    CompletableFuture<Void> unused = slice.thenAccept(Slice::close);
  }
}
