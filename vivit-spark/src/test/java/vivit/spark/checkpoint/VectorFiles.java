package vivit.spark.checkpoint;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.model.ViViTConfig;

/** Writes whole vectors into checkpoints, as executors write theirs slice by slice. */
public final class VectorFiles {
  private VectorFiles() {}

  /** A writer of these vectors, by the names of their files. */
  public static Checkpoint.VectorWriter of(
      ViViTConfig model, long step, Map<String, SlicedVector> vectors) {
    return folder -> {
      FileSystem fs = folder.getFileSystem(new Configuration());
      Map<String, CheckpointState.Proof> proofs = new TreeMap<>();
      for (Map.Entry<String, SlicedVector> vector : vectors.entrySet()) {
        Path file = new Path(folder, vector.getKey());
        proofs.put(
            vector.getKey(), Checkpoint.write(fs, file, model, vector.getValue()::read, step));
      }
      return proofs;
    };
  }
}
