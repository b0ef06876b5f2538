package vivit.spark.checkpoint;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes whole vectors into checkpoints, as executors write theirs slice by slice. */
public final class VectorFiles {
  private VectorFiles() {}

  /** Writes a checkpoint with these vectors, by the names of their files. */
  public static Checkpoint write(
      CheckpointStore store, CheckpointState state, Map<String, SlicedVector> vectors)
      throws IOException {
    Path folder = store.begin(state.step());
    FileSystem fs = folder.getFileSystem(new Configuration());
    Map<String, CheckpointState.Proof> proofs = new TreeMap<>();
    for (Map.Entry<String, SlicedVector> vector : vectors.entrySet()) {
      Path file = new Path(folder, vector.getKey());
      proofs.put(
          vector.getKey(),
          Checkpoint.write(
              fs, file, state.model().config(), vector.getValue()::read, state.step()));
    }
    return store.commit(folder, state, proofs);
  }
}
