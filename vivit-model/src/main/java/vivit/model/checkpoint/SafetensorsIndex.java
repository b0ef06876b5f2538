package vivit.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vivit.model.checkpoint.TensorSource.Format;

/**
 * A safetensors file with random access: its checked header, and one tensor at a time.
 *
 * @param tensors by name; offsets count from the first byte of the file
 */
record SafetensorsIndex(
    Bytes file, Map<String, TensorEntry> tensors, Map<String, String> metadata) {

  static SafetensorsIndex read(Bytes file) throws IOException {
    String source = file.name();
    if (file.size() < Long.BYTES) {
      throw CorruptCheckpointException.at(
          source, file.size(), "truncated inside the header's length");
    }
    byte[] prefix = new byte[Long.BYTES];
    file.read(0, prefix, 0, prefix.length);
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > SafetensorsHeader.LARGEST) {
      throw CorruptCheckpointException.at(
          source,
          0,
          "a header of " + length + " bytes is impossible; this is not a safetensors file");
    }
    long dataStart = Long.BYTES + length;
    if (dataStart > file.size()) {
      throw CorruptCheckpointException.at(
          source, file.size(), "truncated inside the header of " + length + " bytes");
    }
    byte[] json = new byte[(int) length];
    file.read(Long.BYTES, json, 0, json.length);
    SafetensorsHeader header = SafetensorsHeader.parse(json, source);
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    long end = dataStart;
    for (TensorEntry tensor : header.tensors()) {
      tensors.put(
          tensor.name(), new TensorEntry(tensor.name(), tensor.type(), tensor.shape(), end));
      if (tensor.bytes() > file.size() - end) {
        throw CorruptCheckpointException.at(
            source,
            file.size(),
            "truncated, %d bytes into tensor %s of %d bytes"
                .formatted(file.size() - end, tensor.name(), tensor.bytes()));
      }
      end += tensor.bytes();
    }
    if (end != file.size()) {
      throw CorruptCheckpointException.at(
          source, end, "data continues after the last tensor, up to byte " + file.size());
    }
    return new SafetensorsIndex(file, tensors, Map.copyOf(header.metadata()));
  }

  List<TensorEntry> entries() {
    return List.copyOf(tensors.values());
  }

  /** Reads a tensor in the layout of the file. */
  float[] floats(TensorEntry tensor) throws IOException {
    long from = tensor.offset();
    return tensor.read(
        new BytesInput(file, from, from + tensor.bytes()), ByteOrder.LITTLE_ENDIAN, file.name());
  }

  /** Safetensors with Scenic's names and shapes. */
  static final class ScenicSafetensors implements TensorSource {

    private final SafetensorsIndex index;

    ScenicSafetensors(SafetensorsIndex index) throws CorruptCheckpointException {
      this.index = index;
      for (TensorEntry tensor : index.entries()) {
        tensor.requireReadable(index.file().name());
      }
      ScenicTree.check(index.file().name(), index.entries());
    }

    @Override
    public String name() {
      return index.file().name();
    }

    @Override
    public Format format() {
      return Format.SAFETENSORS;
    }

    @Override
    public List<TensorEntry> tensors() {
      return index.entries();
    }

    @Override
    public float[] floats(String name) throws IOException {
      TensorEntry tensor = index.tensors().get(name);
      if (tensor == null) {
        throw new IllegalArgumentException("No tensor of " + name() + " is called " + name);
      }
      return index.floats(tensor);
    }

    @Override
    public Map<String, String> metadata() {
      return index.metadata();
    }

    @Override
    public void close() throws IOException {
      index.file().close();
    }
  }
}
