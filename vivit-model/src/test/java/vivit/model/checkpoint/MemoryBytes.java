package vivit.model.checkpoint;

import java.io.EOFException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A folder of files in memory. */
record MemoryBytes(String name, byte[] bytes, Map<String, byte[]> folder) implements Bytes {

  static MemoryBytes of(String name, byte[] bytes) {
    return new MemoryBytes(name, bytes, Map.of());
  }

  static MemoryBytes in(Map<String, byte[]> folder, String name) {
    return new MemoryBytes(name, folder.get(name), new HashMap<>(folder));
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void read(long position, byte[] into, int from, int count) throws EOFException {
    if (position < 0 || count > bytes.length - position) {
      throw new EOFException("a reader went beyond the end");
    }
    System.arraycopy(bytes, (int) position, into, from, count);
  }

  @Override
  public Optional<Bytes> sibling(String fileName) {
    return folder.containsKey(fileName) ? Optional.of(in(folder, fileName)) : Optional.empty();
  }

  @Override
  public void close() {
    // memory needs no closing
  }
}
