package vivit.spark.model;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.storage.AtomicFile;
import vivit.model.ViViTConfig;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.checkpoint.StateFile;

/**
 * A trained model, ready to score clips.
 *
 * @param folder the checkpoint it was read from
 * @param state what the checkpoint says about the run
 * @param parameters the flat vector, the moving average where the run keeps one, in the order of
 *     {@code ParameterIndex.of(config())}; owned by the record, not to be changed
 */
public record LoadedModel(Path folder, CheckpointState state, float[] parameters) {

  /**
   * Reads a checkpoint folder, or the newest whole checkpoint of a run folder.
   *
   * @throws IOException if there is none, or it is damaged
   */
  public static LoadedModel read(Configuration conf, Path checkpointOrRun) throws IOException {
    FileSystem fs = AtomicFile.raw(checkpointOrRun.getFileSystem(conf));
    Optional<Checkpoint> found =
        !isIn(conf, checkpointOrRun)
            ? Optional.empty()
            : fs.exists(new Path(checkpointOrRun, StateFile.NAME))
                ? Optional.of(Checkpoint.open(fs, checkpointOrRun))
                : new CheckpointStore(fs, checkpointOrRun).latest();
    Checkpoint checkpoint =
        found.orElseThrow(
            () ->
                new IOException(
                    "No checkpoint in "
                        + checkpointOrRun
                        + "; expected a run folder that train wrote, or one of its "
                        + CheckpointStore.FOLDER
                        + "/step-..."));
    int length = Math.toIntExact(checkpoint.parameterCount());
    return new LoadedModel(
        checkpoint.folder(), checkpoint.state(), checkpoint.evaluated(length).slice(0));
  }

  /** Whether a path is a run folder or a checkpoint folder of training. */
  public static boolean isIn(Configuration conf, Path path) throws IOException {
    FileSystem fs = path.getFileSystem(conf);
    // HDFS refuses to look below a file
    return fs.exists(path)
        && fs.getFileStatus(path).isDirectory()
        && (fs.exists(new Path(path, StateFile.NAME))
            || fs.exists(new Path(path, CheckpointStore.FOLDER)));
  }

  /** The model's configuration. */
  public ViViTConfig config() {
    return state.model().config();
  }

  /** What it classifies by. */
  public LabelHeads heads() {
    return state.heads();
  }
}
