package vivit.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import vivit.model.checkpoint.SafetensorsIndex.ScenicSafetensors;

/** Opens a checkpoint of any format. */
public final class Checkpoints {

  /** Files that make a folder a checkpoint, in order of preference. */
  public static final List<String> FOLDER_FILES =
      List.of("model.safetensors", "model.safetensors.index.json", "parameters.safetensors");

  private Checkpoints() {}

  /**
   * Opens a checkpoint and detects its format from its content. Refuses DL4J zips, which {@link
   * #isDl4j} detects. Formats of several files need the siblings of the file.
   *
   * @param file closed with the source, and when opening fails
   * @throws CorruptCheckpointException when the file is not a checkpoint, or damaged
   */
  public static TensorSource open(Bytes file) throws IOException {
    try {
      return switch (FileKind.of(file)) {
        case ZIP -> openZip(file);
        case MSGPACK -> new FlaxCheckpoint(file);
        case SAFETENSORS -> openSafetensors(SafetensorsIndex.read(file));
        case JSON -> openJson(file);
      };
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** Opens a local file, or the first of {@link #FOLDER_FILES} in a local folder. */
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

  /** Whether a file is a zip written by DL4J's model serialiser; leaves it open. */
  public static boolean isDl4j(Bytes file) throws IOException {
    return FileKind.of(file) == FileKind.ZIP && Dl4jZip.is(ZipDirectory.read(file));
  }

  private static TensorSource openZip(Bytes file) throws IOException {
    List<ZipMember> members = ZipDirectory.read(file);
    if (Dl4jZip.is(members)) {
      throw CorruptCheckpointException.at(
          file.name(), 0, "this is a DL4J model, which is not read as a list of tensors");
    }
    if (members.stream().anyMatch(member -> member.name().endsWith("/data.pkl"))) {
      throw CorruptCheckpointException.at(
          file.name(),
          0,
          "this is a PyTorch file, whose pickle can run any code; save it as safetensors first");
    }
    return new NpzCheckpoint(file, members);
  }

  /** Distinguishes Scenic's names, which are paths with slashes, from PyTorch's with dots. */
  private static TensorSource openSafetensors(SafetensorsIndex index) throws IOException {
    long paths = index.tensors().keySet().stream().filter(name -> name.contains("/")).count();
    long dotted = index.tensors().keySet().stream().filter(name -> name.contains(".")).count();
    return paths > dotted ? new ScenicSafetensors(index) : HuggingFaceCheckpoint.open(index);
  }

  private static TensorSource openJson(Bytes file) throws IOException {
    if (StrictJson.read(file).path("weight_map").isObject()) {
      return HuggingFaceCheckpoint.openSharded(file);
    }
    throw CorruptCheckpointException.at(
        file.name(), 0, "this is a JSON file; give the model.safetensors next to it");
  }
}
