package vivit.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.Tasks;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.config.TrainingSettings.Checkpointing;
import vivit.spark.exchange.Peer;
import vivit.spark.exchange.SliceTable;
import vivit.spark.train.VectorWriting.Written;

/**
 * The checkpoints of a run on the driver: executors write the vectors while the next rounds train,
 * the driver completes the checkpoint when all files are there.
 */
final class CheckpointWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

  private final JavaSparkContext sc;
  private final RunFolder folder;
  private final Checkpointing settings;
  private Optional<Pending> pending = Optional.empty();
  private Optional<Checkpoint> newest;

  /**
   * A checkpoint whose files are being written.
   *
   * @param files sizes and checksums of the files that are complete
   */
  private record Pending(
      Path unfinished,
      CheckpointState state,
      List<VectorWriting> writings,
      Map<String, CheckpointState.Proof> files) {}

  CheckpointWriter(
      JavaSparkContext sc, RunFolder folder, Checkpointing settings, Optional<Checkpoint> newest) {
    this.sc = sc;
    this.folder = folder;
    this.settings = settings;
    this.newest = newest;
  }

  /** The newest complete checkpoint. */
  Optional<Checkpoint> newest() {
    return newest;
  }

  /** Whether a checkpoint is being written. */
  boolean isBusy() {
    return pending.isPresent();
  }

  /** Begins a checkpoint; returns what executors have to write. */
  List<VectorWriting> begin(CheckpointState state, TrainingRounds rounds) throws IOException {
    folder.ensureHeld();
    Path unfinished = folder.checkpoints().begin(state.step());
    SliceTable table = rounds.state();
    List<VectorWriting> writings = new ArrayList<>();
    for (String vector : table.vectors()) {
      writings.add(
          new VectorWriting(
              unfinished.toString(), vector, state.model(), state.step(), rounds.slicing(), table));
    }
    pending = Optional.of(new Pending(unfinished, state, writings, new TreeMap<>()));
    return writings;
  }

  /** Takes note of files that executors have written; completes the checkpoint with the last. */
  void add(List<Written> written) throws IOException {
    for (Written file : written) {
      Path path = new Path(file.file());
      if (pending.isPresent() && path.getParent().equals(pending.get().unfinished())) {
        if (!file.problem().isEmpty()) {
          throw new IOException(
              "Cannot write %s of the checkpoint of step %d: %s"
                  .formatted(path.getName(), pending.get().state().step(), file.problem()));
        }
        pending.get().files().put(path.getName(), file.proof());
      }
    }
    if (pending.isPresent() && pending.get().files().size() == pending.get().writings().size()) {
      commit();
    }
  }

  /** Waits for the checkpoint that is being written; gives it up if its executors are gone. */
  void finish(List<Peer> peers) throws IOException {
    if (pending.isPresent()) {
      sc.setJobDescription("Checkpoint of step " + pending.get().state().step());
      try (Tasks tasks = new Tasks(sc)) {
        for (Ended ended :
            tasks.run(
                new ArrayList<>(peers),
                peer -> Optional.of(Tasks.place(peer.host(), peer.executor())),
                Ended.class,
                (peer, hadoop) -> new Ended(VectorWriting.awaitAll()))) {
          add(ended.files());
        }
      }
      abandon();
    }
  }

  /** What has ended on an executor. */
  private record Ended(List<Written> files) implements Serializable {}

  /** Writes a checkpoint while nothing trains. */
  void write(CheckpointState state, TrainingRounds rounds) throws IOException {
    finish(rounds.peers());
    List<VectorWriting> writings = begin(state, rounds);
    sc.setJobDescription("Checkpoint of step " + state.step());
    List<CheckpointState.Proof> proofs =
        Tasks.run(sc, writings, CheckpointState.Proof.class, (item, hadoop) -> item.run(hadoop));
    for (int i = 0; i < proofs.size(); i++) {
      pending.orElseThrow().files().put(writings.get(i).name(), proofs.get(i));
    }
    commit();
  }

  /** Gives a checkpoint up whose executors are gone. */
  void abandon() throws IOException {
    if (pending.isPresent()) {
      Path unfinished = pending.get().unfinished();
      LOG.warn("Giving up the checkpoint of step {}", pending.get().state().step());
      FileSystem fs = unfinished.getFileSystem(sc.hadoopConfiguration());
      fs.delete(unfinished, true);
      pending = Optional.empty();
    }
  }

  private void commit() throws IOException {
    folder.ensureHeld();
    Pending done = pending.orElseThrow();
    newest =
        Optional.of(folder.checkpoints().commit(done.unfinished(), done.state(), done.files()));
    pending = Optional.empty();
    folder.checkpoints().prune(settings.keep(), settings.keepBest());
  }
}
