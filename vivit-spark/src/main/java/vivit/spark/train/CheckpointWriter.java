package vivit.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.storage.FolderInUseException;
import vivit.dataprep.text.Visible;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.config.TrainingSettings.Checkpointing;
import vivit.spark.exchange.Peer;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;
import vivit.spark.train.VectorWriting.Written;

/**
 * The checkpoints of a run on the driver: executors write the vectors while the next rounds train,
 * the driver completes the checkpoint when all files are there.
 */
final class CheckpointWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

  /** Before another attempt after a failure, in seconds; the last failure in a row ends the run. */
  private static final List<Integer> PAUSES = List.of(5, 25);

  private static final int RESCUERS = 4;

  private final JavaSparkContext sc;
  private final RunFolder folder;
  private final Checkpointing settings;
  private final CheckpointClock clock;
  private final Requirement required;
  private final BooleanSupplier ending;
  private Optional<Pending> pending = Optional.empty();
  private Optional<Checkpoint> newest;

  /** Checkpoints that could not be written since the last one that could. */
  private int failures;

  /** Whether there is only one attempt, which ends the run. */
  private boolean rescuing;

  /** When the next attempt may begin. */
  private long nextNanos;

  /** Whether the last checkpoint was given up with its executors. */
  private boolean lost;

  /**
   * A checkpoint whose files are being written.
   *
   * @param ended the files that are written, or could not be
   */
  private record Pending(
      Path unfinished, CheckpointState state, List<VectorWriting> writings, List<Written> ended) {}

  /** What has to be so before a checkpoint. */
  @FunctionalInterface
  interface Requirement {
    /** Fails if it is not. */
    void check() throws IOException;
  }

  /**
   * Prepares the checkpoints of a run.
   *
   * @param newest the one that the run starts from
   * @param required checked before each checkpoint, which fails with it
   * @param ending whether to wait for nothing any more
   */
  CheckpointWriter(
      JavaSparkContext sc,
      RunFolder folder,
      Checkpointing settings,
      Optional<Checkpoint> newest,
      Requirement required,
      BooleanSupplier ending) {
    this.required = required;
    this.ending = ending;
    this.sc = sc;
    this.folder = folder;
    this.settings = settings;
    this.newest = newest;
    this.clock = new CheckpointClock(settings.every(), System::nanoTime);
  }

  /**
   * Whether a checkpoint is due after a round that led from step {@code before} to {@code after},
   * or again, as the last one could not be written or was lost.
   */
  boolean isDue(long before, long after, long stepsPerEpoch) {
    if (failures > 0) {
      return !isBusy() && nextNanos - System.nanoTime() <= 0;
    }
    return (lost && !isBusy()) || clock.isDue(before, after, stepsPerEpoch);
  }

  /** The newest complete checkpoint. */
  Optional<Checkpoint> newest() {
    return newest;
  }

  /** Whether a checkpoint is being written. */
  boolean isBusy() {
    return pending.isPresent();
  }

  /** Begins a checkpoint; returns what executors have to write: nothing if it fails at once. */
  List<VectorWriting> begin(CheckpointState state, TrainingRounds rounds) throws IOException {
    return begin(state, rounds.slicing(), rounds.state());
  }

  private List<VectorWriting> begin(CheckpointState state, Slicing slicing, SliceTable table)
      throws IOException {
    clock.begin();
    lost = false;
    Path unfinished;
    try {
      folder.ensureHeld();
      required.check();
      unfinished = folder.checkpoints().begin(state.step());
    } catch (FolderInUseException stranger) {
      throw stranger;
    } catch (IOException | FSError failed) {
      failed(state.step(), failed);
      return List.of();
    }
    List<VectorWriting> writings = new ArrayList<>();
    for (String vector : table.vectors()) {
      writings.add(
          new VectorWriting(
              unfinished.toString(), vector, state.model(), state.step(), slicing, table));
    }
    pending = Optional.of(new Pending(unfinished, state, writings, new ArrayList<>()));
    return writings;
  }

  /** Takes note of files that executors have written; completes the checkpoint with the last. */
  void add(List<Written> written) throws IOException {
    for (Written file : written) {
      if (pending.isPresent()
          && new Path(file.file()).getParent().equals(pending.get().unfinished())) {
        pending.get().ended().add(file);
      }
    }
    if (pending.isPresent() && pending.get().ended().size() == pending.get().writings().size()) {
      end();
    }
  }

  /** Waits for the checkpoint that is being written; gives it up if its executors are gone. */
  void finish(List<Peer> peers) throws IOException {
    if (pending.isPresent()) {
      sc.setJobDescription("Checkpoint of step " + pending.get().state().step());
      for (Ended ended :
          Tasks.run(
              sc,
              new ArrayList<>(peers),
              peer -> Optional.of(Tasks.place(peer.host(), peer.executor())),
              Ended.class,
              (peer, hadoop) -> new Ended(VectorWriting.awaitAll()))) {
        add(ended.files());
      }
      abandon();
    }
  }

  /** What has ended on an executor. */
  private record Ended(List<Written> files) implements Serializable {}

  /** Writes a checkpoint while nothing trains. */
  void write(CheckpointState state, TrainingRounds rounds) throws IOException {
    finish(rounds.peers());
    do {
      if (failures > 0) {
        Pause.until(nextNanos, ending);
      }
      List<VectorWriting> writings = begin(state, rounds);
      sc.setJobDescription("Checkpoint of step " + state.step());
      add(Tasks.run(sc, writings, Written.class, (item, hadoop) -> item.run(hadoop)));
    } while (failures > 0 && !ending.getAsBoolean());
  }

  /**
   * Writes a checkpoint from here, when no job can do it: executors may be busy, or fail all jobs.
   * One that is being written is given up.
   *
   * @param table who holds the vectors
   */
  void rescue(CheckpointState state, Slicing slicing, SliceTable table) throws IOException {
    Optional<Pending> former = pending;
    pending = Optional.empty();
    rescuing = true;
    ExecutorService threads = Executors.newFixedThreadPool(RESCUERS);
    try {
      List<CompletableFuture<Written>> running = new ArrayList<>();
      for (VectorWriting writing : begin(state, slicing, table)) {
        running.add(
            CompletableFuture.supplyAsync(() -> writing.run(sc.hadoopConfiguration()), threads));
      }
      add(running.stream().map(CompletableFuture::join).toList());
    } finally {
      threads.shutdownNow();
    }
    if (newest.isEmpty() || newest.get().state().step() != state.step()) {
      pending = former;
      return;
    }
    LOG.info("Wrote a checkpoint of step {}, from which the same command goes on", state.step());
    if (former.isPresent()) {
      delete(former.get().unfinished());
    }
  }

  /** Gives a checkpoint up whose executors are gone. */
  private void abandon() throws IOException {
    if (pending.isPresent()) {
      LOG.warn(
          "The executors that wrote the checkpoint of step {} are gone, and it with them",
          pending.get().state().step());
      delete(pending.get().unfinished());
      pending = Optional.empty();
      lost = true;
    }
  }

  private void delete(Path unfinished) throws IOException {
    unfinished.getFileSystem(sc.hadoopConfiguration()).delete(unfinished, true);
  }

  /** Completes the checkpoint, or gives it up if one of its files could not be written. */
  private void end() throws IOException {
    Pending done = pending.orElseThrow();
    pending = Optional.empty();
    try {
      folder.ensureHeld();
      newest = Optional.of(commit(done));
    } catch (FolderInUseException stranger) {
      throw stranger;
    } catch (IOException | FSError failed) { // FSError: a local disk is full
      try {
        delete(done.unfinished());
      } catch (IOException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      failed(done.state().step(), failed);
      return;
    }
    failures = 0;
    clock.wrote(done.ended().stream().mapToDouble(Written::seconds).max().orElse(0));
    try {
      folder.checkpoints().prune(newest.get(), settings.keep(), settings.keepBest());
    } catch (IOException failed) {
      LOG.warn("Cannot delete old checkpoints: {}", Visible.text(failed.getMessage()));
    }
  }

  private Checkpoint commit(Pending done) throws IOException {
    Map<String, CheckpointState.Proof> files = new TreeMap<>();
    for (Written file : done.ended()) {
      if (!file.problem().isEmpty()) {
        throw new IOException(file.problem());
      }
      files.put(new Path(file.file()).getName(), file.proof());
    }
    return folder.checkpoints().commit(done.unfinished(), done.state(), files);
  }

  private void failed(long step, Throwable problem) throws IOException {
    String message =
        "Cannot write the checkpoint of step %d: %s"
            .formatted(step, Visible.text(String.valueOf(problem.getMessage())));
    if (ending.getAsBoolean() || rescuing) {
      LOG.warn("{}; the checkpoints before it stay", message);
      return;
    }
    failures++;
    if (failures > PAUSES.size()) {
      throw new IOException(
          "%s; this was attempt %d in a row. Make room or repair the storage of the run, then run the same command again"
              .formatted(message, failures),
          problem);
    }
    int pause = PAUSES.get(failures - 1);
    nextNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(pause);
    LOG.warn(
        "{}; the checkpoints before it stay, and another is written after {} s", message, pause);
  }
}
