package vivit.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opens a checkpoint of any format. */
public final class Checkpoints {

  /** What to look for in a folder, in this order. */
  public static final List<String> FOLDER_FILES =
      List.of("model.safetensors", "model.safetensors.index.json", "parameters.safetensors");

  private Checkpoints() {}

  /**
   * Opens a checkpoint, telling its format by its content; {@link Format#DL4J_ZIP} is not opened
   * here. Needs the file's siblings where a format spreads over several files.
   *
   * @param file closed with the source, and when opening fails
   * @throws CorruptCheckpointException when it is no checkpoint, or a damaged one
   */
  public static TensorSource open(Bytes file) throws IOException {
    try {
      return new ScenicSafetensors(SafetensorsIndex.read(file));
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** Opens a local file, or what {@link #FOLDER_FILES} names in a local folder. */
  public static TensorSource open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return open(Bytes.of(path));
    }
    for (String name : FOLDER_FILES) {
      if (Files.isRegularFile(path.resolve(name))) {
        return open(Bytes.of(path.resolve(name)));
      }
    }
    throw new IOException(
        "Cannot read " + path + ": the folder holds none of " + String.join(", ", FOLDER_FILES));
  }
}
