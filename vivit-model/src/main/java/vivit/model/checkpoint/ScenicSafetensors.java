package vivit.model.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import vivit.model.checkpoint.TensorSource.Format;

/** Safetensors with Scenic's names and shapes. */
final class ScenicSafetensors implements TensorSource {

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
