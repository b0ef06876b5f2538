package vivit.spark.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TooLargeException;
import vivit.model.parameter.ParameterIndex;

/** A finished checkpoint: a folder with {@code state.json} and the vectors. */
public final class Checkpoint {
  /** File of the parameters, named tensors in Scenic's shapes. */
  public static final String PARAMETERS = "parameters.safetensors";

  /** File of the momentum, the same names and shapes. */
  public static final String MOMENTUM = "momentum.safetensors";

  /** File of the parameters' moving average, in runs that keep one. */
  public static final String AVERAGE = "average.safetensors";

  /** All files that a state may name. */
  static final List<String> FILES = List.of(PARAMETERS, MOMENTUM, AVERAGE);

  /**
   * The vectors of a checkpoint, all laid out alike.
   *
   * @param average the parameters' moving average, if the run keeps one
   */
  public record Vectors(
      SlicedVector parameters, SlicedVector momentum, Optional<SlicedVector> average) {

    /** The vectors by the names of their files. */
    Map<String, SlicedVector> files() {
      Map<String, SlicedVector> files = new TreeMap<>();
      files.put(PARAMETERS, parameters);
      files.put(MOMENTUM, momentum);
      average.ifPresent(vector -> files.put(AVERAGE, vector));
      return files;
    }
  }

  private final FileSystem fs;
  private final Path folder;
  private final CheckpointState state;

  private Checkpoint(FileSystem fs, Path folder, CheckpointState state) {
    this.fs = fs;
    this.folder = folder;
    this.state = state;
  }

  /** Opens a folder by its state; the vectors are checked as they are read. */
  public static Checkpoint open(FileSystem fs, Path folder) throws IOException {
    return new Checkpoint(fs, folder, StateFile.read(fs, folder));
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** The state without the vectors. */
  public CheckpointState state() {
    return state;
  }

  /** The model that was trained. */
  public ViViTConfig config() {
    return state.model().config();
  }

  /** Number of values of each flat vector. */
  public long parameterCount() {
    return ParameterIndex.of(config()).length();
  }

  /** Reads the flat parameters and checks them. */
  public SlicedVector parameters(int sliceLength) throws IOException {
    return read(PARAMETERS, sliceLength);
  }

  /** Reads the flat momentum and checks it. */
  public SlicedVector momentum(int sliceLength) throws IOException {
    return read(MOMENTUM, sliceLength);
  }

  /** Reads the parameters' moving average and checks it; empty if the run keeps none. */
  public Optional<SlicedVector> average(int sliceLength) throws IOException {
    return proof(AVERAGE) == null ? Optional.empty() : Optional.of(read(AVERAGE, sliceLength));
  }

  /** Reads all vectors and checks them. */
  public Vectors vectors(int sliceLength) throws IOException {
    return new Vectors(parameters(sliceLength), read(MOMENTUM, sliceLength), average(sliceLength));
  }

  /**
   * Reads the parameters to evaluate: the moving average if there is one, otherwise the parameters
   * themselves.
   */
  public SlicedVector evaluated(int sliceLength) throws IOException {
    Optional<SlicedVector> average = average(sliceLength);
    return average.isPresent() ? average.get() : parameters(sliceLength);
  }

  /** The file of the parameters to evaluate, after checking it. */
  public Path evaluatedFile() throws IOException {
    String name = proof(AVERAGE) == null ? PARAMETERS : AVERAGE;
    Path file = new Path(folder, name);
    VectorFile.verify(fs, file, proof(name));
    return file;
  }

  /** Compares the vectors' files with their checksums. */
  public void verify() throws IOException {
    for (Map.Entry<String, CheckpointState.Proof> file : state.files().entrySet()) {
      VectorFile.verify(fs, new Path(folder, file.getKey()), file.getValue());
    }
  }

  private SlicedVector read(String name, int sliceLength) throws IOException {
    TooLargeException.requireRoom(
        new Path(folder, name).toString(), "the vector", parameterCount() * Float.BYTES);
    ParameterIndex index = ParameterIndex.of(config());
    return VectorFile.read(fs, new Path(folder, name), index, proof(name), sliceLength);
  }

  private CheckpointState.Proof proof(String name) {
    return state.files().get(name);
  }
}
