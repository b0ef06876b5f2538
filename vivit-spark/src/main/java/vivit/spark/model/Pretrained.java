package vivit.spark.model;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.storage.AtomicFile;
import vivit.model.checkpoint.Bytes;
import vivit.model.checkpoint.Checkpoints;
import vivit.model.checkpoint.TensorSource;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.checkpoint.HadoopBytes;
import vivit.spark.checkpoint.StateFile;

/** Opens what a model may start from, on any Hadoop file system. */
public final class Pretrained {
  private Pretrained() {}

  /**
   * Opens a checkpoint file, a folder that holds one, one of our checkpoints, or the newest whole
   * checkpoint of one of our runs; of ours the moving average of the parameters, where kept.
   *
   * @throws IOException if there is none, or it is damaged
   */
  public static TensorSource open(Configuration conf, Path path) throws IOException {
    return Checkpoints.open(bytes(conf, path));
  }

  /** The file that {@link #open} opens; the caller closes it. */
  public static Bytes bytes(Configuration conf, Path path) throws IOException {
    FileSystem fs = AtomicFile.raw(path.getFileSystem(conf));
    if (!fs.exists(path)) {
      throw new IOException("Cannot read " + path + ": there is no such file or folder");
    }
    return HadoopBytes.open(fs, file(fs, path));
  }

  /** The classes of a checkpoint or run of ours; other formats do not say. */
  public static Optional<LabelHeads> heads(Configuration conf, Path path) throws IOException {
    return own(AtomicFile.raw(path.getFileSystem(conf)), path)
        .map(checkpoint -> checkpoint.state().heads());
  }

  private static Optional<Checkpoint> own(FileSystem fs, Path path) throws IOException {
    if (!fs.exists(path) || fs.getFileStatus(path).isFile()) {
      return Optional.empty();
    }
    if (fs.exists(new Path(path, StateFile.NAME))) {
      return Optional.of(Checkpoint.open(fs, path));
    }
    if (!fs.exists(new Path(path, CheckpointStore.FOLDER))) {
      return Optional.empty();
    }
    Optional<Checkpoint> latest = new CheckpointStore(fs, path).latest();
    if (latest.isEmpty()) {
      throw new IOException("The run in " + path + " has no checkpoint yet");
    }
    return latest;
  }

  private static Path file(FileSystem fs, Path path) throws IOException {
    if (fs.getFileStatus(path).isFile()) {
      return path;
    }
    Optional<Checkpoint> own = own(fs, path);
    if (own.isPresent()) {
      return parameters(own.get());
    }
    for (String name : Checkpoints.FOLDER_FILES) {
      if (fs.exists(new Path(path, name))) {
        return new Path(path, name);
      }
    }
    throw new IOException(
        "Cannot read "
            + path
            + ": the folder holds none of "
            + String.join(", ", Checkpoints.FOLDER_FILES)
            + ", and is no run or checkpoint of train");
  }

  private static Path parameters(Checkpoint checkpoint) throws IOException {
    checkpoint.verify();
    boolean averages = checkpoint.state().files().containsKey(Checkpoint.AVERAGE);
    return new Path(checkpoint.folder(), averages ? Checkpoint.AVERAGE : Checkpoint.PARAMETERS);
  }
}
