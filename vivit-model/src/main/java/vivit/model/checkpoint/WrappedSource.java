package vivit.model.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A source that changes some tensors of another one; closing it closes the other. */
abstract class WrappedSource implements TensorSource {
  protected final TensorSource source;

  WrappedSource(TensorSource source) {
    this.source = source;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Format format() {
    return source.format();
  }

  @Override
  public List<TensorEntry> tensors() {
    return source.tensors();
  }

  @Override
  public List<String> others() {
    return source.others();
  }

  @Override
  public Map<String, String> metadata() {
    return source.metadata();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
