package vivit.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.text.Visible;
import vivit.model.ModelDescription;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;

/**
 * Writes one vector of a version into an unfinished checkpoint folder, on an executor, slice by
 * slice from whoever has them.
 *
 * @param folder the unfinished checkpoint
 */
record VectorWriting(
    String folder,
    String vector,
    ModelDescription model,
    long step,
    Slicing slicing,
    SliceTable table)
    implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(VectorWriting.class);

  /** What this JVM writes in the background, by file. */
  private static final Map<String, CompletableFuture<Written>> RUNNING = new ConcurrentHashMap<>();

  /**
   * The end of a writing.
   *
   * @param file its path
   * @param proof null if it failed
   * @param problem why it failed; empty if it did not
   * @param seconds that it took to write the file and to read it back
   */
  record Written(String file, CheckpointState.Proof proof, String problem, double seconds)
      implements Serializable {}

  /** Path of the file. */
  String file() {
    return new Path(folder, name()).toString();
  }

  /** Name of the file. */
  String name() {
    return vector + FirstVectors.SUFFIX;
  }

  /** Writes the file and reads it back. */
  Written run(Configuration conf) {
    long began = System.nanoTime();
    CheckpointState.Proof proof = null;
    String problem = "";
    try {
      proof = write(conf);
    } catch (IOException | RuntimeException | FSError failed) { // FSError: a local disk is full
      LOG.warn("Cannot write {}", Visible.text(file()), failed);
      problem = Visible.text(String.valueOf(failed.getMessage()).lines().findFirst().orElse(""));
    }
    return new Written(file(), proof, problem, (System.nanoTime() - began) / 1e9);
  }

  private CheckpointState.Proof write(Configuration conf) throws IOException {
    Path file = new Path(file());
    try (SliceReader values = new SliceReader(Exchange.get())) {
      return Checkpoint.write(
          AtomicFile.raw(file.getFileSystem(conf)), file, model.config(), values::read, step);
    }
  }

  /** Begins to write the file while training goes on; does nothing if this JVM already has. */
  void begin(Configuration conf) {
    RUNNING.computeIfAbsent(
        file(),
        file ->
            CompletableFuture.supplyAsync(
                () -> run(conf),
                work -> {
                  Thread thread = new Thread(work, "checkpoint-writer");
                  thread.setDaemon(true);
                  thread.start();
                }));
  }

  /** Waits for all writings of this JVM; returns what has ended since the last call. */
  static List<Written> awaitAll() {
    RUNNING.values().forEach(CompletableFuture::join);
    return ended();
  }

  /** What has ended in this JVM since the last call. */
  static List<Written> ended() {
    List<Written> ended = new ArrayList<>();
    RUNNING.forEach(
        (file, writing) -> {
          if (writing.isDone() && RUNNING.remove(file, writing)) {
            ended.add(writing.join());
          }
        });
    return ended;
  }

  /** Reads the vector from its holders, one slice after the other. */
  private final class SliceReader implements AutoCloseable {
    private final Exchange exchange;
    private Slice slice;
    private int number = -1;

    SliceReader(Exchange exchange) {
      this.exchange = exchange;
    }

    void read(long offset, float[] into) throws IOException {
      slicing.pieces(
          offset,
          into.length,
          (wanted, at, done, count) -> {
            open(wanted);
            slice.floats().position(at).get(into, done, count);
          });
    }

    private void open(int wanted) throws IOException {
      if (wanted != number) {
        close();
        slice = ComingSlice.of(exchange, table, slicing, vector, wanted).await();
        number = wanted;
      }
    }

    @Override
    public void close() {
      if (slice != null) {
        slice.close();
        slice = null;
        number = -1;
      }
    }
  }
}
