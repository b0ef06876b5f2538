package vivit.spark.checkpoint;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.checkpoint.ParameterFile;
import vivit.model.checkpoint.TooLargeException;
import vivit.model.parameter.ParameterIndex;

/** A finished checkpoint: a folder with {@code state.json} and the vectors. */
public final class Checkpoint {
  /** File of the parameters, named tensors in Scenic's shapes. */
  public static final String PARAMETERS = "parameters.safetensors";

  /** File of the momentum of SGD or Lion, the same names and shapes. */
  public static final String MOMENTUM = "momentum.safetensors";

  /** File of the mean of gradients of AdamW, the same names and shapes. */
  public static final String FIRST_MOMENT = "first-moment.safetensors";

  /** File of the mean of squared gradients of AdamW, the same names and shapes. */
  public static final String SECOND_MOMENT = "second-moment.safetensors";

  /** File of the parameters' moving average, in runs that keep one. */
  public static final String AVERAGE = "average.safetensors";

  /** File of the outer rule's momentum, the same names and shapes. */
  public static final String OUTER_MOMENTUM = "outer-momentum.safetensors";

  /** What a state may name: the files above, and those of single workers: first-moment.3. */
  private static final Pattern FILES =
      Pattern.compile(
          "(parameters|average|outer-momentum"
              + "|(momentum|first-moment|second-moment)(\\.[0-9]{1,6})?|residual\\.[0-9]{1,6})"
              + "\\.safetensors");

  private final FileSystem fs;
  private final Path folder;
  private final CheckpointState state;

  private Checkpoint(FileSystem fs, Path folder, CheckpointState state) {
    this.fs = fs;
    this.folder = folder;
    this.state = state;
  }

  /** Whether a checkpoint may have a file of this name. */
  static boolean isFile(String name) {
    return FILES.matcher(name).matches();
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

  /**
   * Writes a vector as a file of a checkpoint, and reads it back.
   *
   * @throws IOException if it cannot be written, or is not what was written, or holds NaN or
   *     infinity
   */
  public static CheckpointState.Proof write(
      FileSystem fs, Path file, ViViTConfig model, ParameterFile.Source vector, long step)
      throws IOException {
    CheckpointState.Proof proof =
        VectorFile.write(fs, file, ParameterIndex.of(model), vector, step);
    VectorFile.verify(fs, file, proof);
    return proof;
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

  /** Reads the parameters' moving average and checks it; empty if the run keeps none. */
  public Optional<SlicedVector> average(int sliceLength) throws IOException {
    return proof(AVERAGE) == null ? Optional.empty() : Optional.of(read(AVERAGE, sliceLength));
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
    SlicedVector vector = new SlicedVector(parameterCount(), sliceLength);
    read(name, vector::write);
    return vector;
  }

  /** Reads the vector of a file, such as {@link #PARAMETERS}, and checks it. */
  public void read(String name, ParameterFile.Sink vector) throws IOException {
    if (proof(name) == null) {
      throw new CorruptCheckpointException(
          "Cannot read %s: it has %s, and %s is missing"
              .formatted(folder, String.join(", ", state.files().keySet()), name));
    }
    VectorFile.read(fs, new Path(folder, name), ParameterIndex.of(config()), proof(name), vector);
  }

  private CheckpointState.Proof proof(String name) {
    return state.files().get(name);
  }
}
