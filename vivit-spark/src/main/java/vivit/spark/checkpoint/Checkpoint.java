package vivit.spark.checkpoint;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.model.parameter.ParameterIndex;

/** A finished checkpoint: a folder with {@code state.json} and the two vectors. */
public final class Checkpoint {
  /** File of the parameters, named tensors in Scenic's shapes. */
  public static final String PARAMETERS = "parameters.safetensors";

  /** File of the momentum, the same names and shapes. */
  public static final String MOMENTUM = "momentum.safetensors";

  private final FileSystem fs;
  private final Path folder;
  private final CheckpointState state;

  private Checkpoint(FileSystem fs, Path folder, CheckpointState state) {
    this.fs = fs;
    this.folder = folder;
    this.state = state;
  }

  /** Opens a folder by its state; the vectors are checked as they are read. */
  static Checkpoint open(FileSystem fs, Path folder) throws IOException {
    return new Checkpoint(fs, folder, StateFile.read(fs, folder));
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  /** Everything but the vectors. */
  public CheckpointState state() {
    return state;
  }

  /** Values of each flat vector. */
  public long parameterCount() {
    return ParameterIndex.of(state.model().config()).length();
  }

  /** The flat parameters, checked. */
  public SlicedVector parameters(int sliceLength) throws IOException {
    return read(PARAMETERS, sliceLength);
  }

  /** The flat momentum, checked. */
  public SlicedVector momentum(int sliceLength) throws IOException {
    return read(MOMENTUM, sliceLength);
  }

  /** Compares both vectors' files with their checksums. */
  void verify() throws IOException {
    VectorFile.verify(fs, new Path(folder, PARAMETERS), proof(PARAMETERS));
    VectorFile.verify(fs, new Path(folder, MOMENTUM), proof(MOMENTUM));
  }

  private SlicedVector read(String name, int sliceLength) throws IOException {
    ParameterIndex index = ParameterIndex.of(state.model().config());
    return VectorFile.read(fs, new Path(folder, name), index, proof(name), sliceLength);
  }

  private CheckpointState.Proof proof(String name) {
    return state.files().get(name);
  }
}
