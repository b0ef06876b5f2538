package vivit.spark.train;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FolderLock;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Visible;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.config.Experiment;
import vivit.spark.config.RunIdentity;
import vivit.spark.metrics.LineLog;

/** The folder of a run, locked: its checkpoints, metrics, ledger and effective configuration. */
final class RunFolder implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);

  private final FileSystem fs;
  private final Path folder;
  private final FolderLock lock;
  private final CheckpointStore checkpoints;

  private RunFolder(FileSystem fs, Path folder, FolderLock lock) {
    this.fs = fs;
    this.folder = folder;
    this.lock = lock;
    this.checkpoints = new CheckpointStore(fs, folder);
  }

  /**
   * Locks the folder, creates it if absent, and removes unfinished files of an interrupted run.
   *
   * @throws IOException if another process has it, or it is on an object store
   */
  static RunFolder open(Path folder, Configuration conf) throws IOException {
    FileSystem fs = AtomicFile.raw(OpenFileSystem.of(folder, conf));
    if (!fs.hasPathCapability(folder, CommonPathCapabilities.FS_APPEND)) {
      throw new IOException(
          "Cannot use %s: files on %s:// cannot be appended to, as metrics.jsonl of a run is; give a folder on HDFS or on a shared disk, and copy the run when it is finished"
              .formatted(folder, fs.getScheme()));
    }
    RunFolder run = new RunFolder(fs, folder, FolderLock.acquire(fs, folder, "train"));
    try {
      run.checkpoints.clean();
    } catch (IOException | RuntimeException e) {
      run.close();
      throw e;
    }
    return run;
  }

  CheckpointStore checkpoints() {
    return checkpoints;
  }

  /**
   * Reads the newest checkpoint that can be read; empty for a new run. Refuses a run of another
   * experiment.
   *
   * @param use reads its vectors
   */
  <T> Optional<T> resume(Experiment experiment, Manifest shards, CheckpointStore.FirstUse<T> use)
      throws IOException {
    OptionalInt workers = experiment.training().workers();
    return checkpoints.latest(
        checkpoint -> {
          requireSame(checkpoint, experiment, shards);
          T resumed = use.of(checkpoint);
          CheckpointState state = checkpoint.state();
          if (workers.orElse(state.workers()) != state.workers()) {
            LOG.warn(
                "Resuming with {} workers a run that had {}: correct, but not equal to the bit",
                workers.getAsInt(),
                state.workers());
          }
          LOG.info("Resuming {} after step {}", checkpoint.folder(), state.step());
          return resumed;
        });
  }

  private void requireSame(Checkpoint latest, Experiment experiment, Manifest shards)
      throws IOException {
    CheckpointState state = latest.state();
    List<String> differences = differences(latest, experiment);
    if (!differences.isEmpty()) {
      throw new IOException(
          "Cannot resume "
              + folder
              + " with another configuration:\n  "
              + String.join("\n  ", differences)
              + "\nGive these keys their former values, or choose another train.run."
              + (differences.stream().anyMatch(one -> one.startsWith("train.epochs"))
                  ? " More epochs need train.extend=true."
                  : "")
              + " To train on from"
              + " this run's model with other settings, choose another train.run and initialise.from="
              + folder
              + " initialise.restore-head=true");
    }
    List<String> labels = LabelDifferences.between(shards.heads(), state.heads());
    if (!labels.isEmpty()) {
      throw new IOException(
          String.format(
              "Cannot resume %s on shards with other classes; %s; give the former train.shards, or"
                  + " choose another train.run",
              folder, String.join("; ", labels)));
    }
    if (!state.shardsHash().equals(shards.hash())) {
      throw new IOException(
          String.format(
              "Cannot resume %s on another shard set: the run has hash %s, the shards have %s; give"
                  + " the former train.shards, or choose another train.run",
              folder, state.shardsHash(), shards.hash()));
    }
  }

  private List<String> differences(Checkpoint latest, Experiment experiment) throws IOException {
    try {
      return RunIdentity.differences(
          latest.state().config(), latest.folder() + "/state.json: config", experiment);
    } catch (ConfigException foreign) {
      throw new IOException("Cannot resume " + folder + ": " + foreign.getMessage(), foreign);
    }
  }

  void writeConfig(String effective) throws IOException {
    writeText("effective.conf", effective);
  }

  /** Writes a file completely, replacing an existing one. */
  void writeText(String name, String text) throws IOException {
    AtomicFile.write(
        fs, new Path(folder, name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  LineLog lines(String name, long lastStep) throws IOException {
    return LineLog.resume(fs, new Path(folder, name), lastStep);
  }

  /** Fails if another process has taken the folder. */
  void ensureHeld() throws IOException {
    lock.ensureHeld();
  }

  /** Releases the folder; a lock that cannot be removed lapses after a minute. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failed) {
      LOG.warn(
          "Cannot release {}: {}; the next run takes it over after a minute",
          folder,
          Visible.text(String.valueOf(failed.getMessage())));
    }
  }
}
