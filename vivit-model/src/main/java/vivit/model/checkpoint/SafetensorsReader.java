package vivit.model.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads a safetensors file sequentially, from any stream; the file may be larger than memory.
 *
 * <p>{@link #next} advances to the next tensor in the order of the bytes; the reading methods then
 * return its numbers in row-major order. Unread numbers are skipped.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafetensorsReader implements Closeable {

  private static final int CHUNK_BYTES = 1 << 20;

  /**
   * Initial length of arrays, which grow as numbers arrive, so that a wrong header cannot exhaust
   * memory.
   */
  private static final int FIRST_PIECE = 1 << 22;

  private static final ElementType[] FLOATING = {
    ElementType.F32, ElementType.F64, ElementType.F16, ElementType.BF16
  };

  private final InputStream in;
  private final String source;
  private final SafetensorsHeader header;
  private final long dataStart;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int position = -1;
  private long unread;

  private SafetensorsReader(
      InputStream in, String source, SafetensorsHeader header, long dataStart) {
    this.in = in;
    this.source = source;
    this.header = header;
    this.dataStart = dataStart;
  }

  /**
   * Reads and checks the header.
   *
   * @param in from the first byte of the file; closed with the reader
   * @param source the file's name, for messages
   */
  public static SafetensorsReader open(InputStream in, String source) throws IOException {
    byte[] prefix = in.readNBytes(Long.BYTES);
    if (prefix.length < Long.BYTES) {
      throw new CorruptCheckpointException(
          "Cannot read %s: truncated at byte %d, inside the header's length"
              .formatted(source, prefix.length));
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > SafetensorsHeader.LARGEST) {
      throw new CorruptCheckpointException(
          "Cannot read %s: a header of %d bytes is impossible; this is not a safetensors file"
              .formatted(source, length));
    }
    byte[] json = in.readNBytes((int) length);
    if (json.length < length) {
      throw new CorruptCheckpointException(
          "Cannot read %s: truncated at byte %d, inside the header of %d bytes"
              .formatted(source, Long.BYTES + json.length, length));
    }
    return new SafetensorsReader(
        in, source, SafetensorsHeader.parse(json, source), Long.BYTES + length);
  }

  /** Text stored with the tensors. */
  public Map<String, String> metadata() {
    return Map.copyOf(header.metadata());
  }

  /** All tensors, in the order in which {@link #next} visits them. */
  public List<TensorEntry> tensors() {
    return List.copyOf(header.tensors());
  }

  /** Advances to the next tensor; false after the last one. Refuses bytes after the last tensor. */
  public boolean next() throws IOException {
    skipUnread();
    position++;
    if (position < header.tensors().size()) {
      unread = current().elements();
      return true;
    }
    position = header.tensors().size();
    if (in.read() >= 0) {
      throw new CorruptCheckpointException(
          "Cannot read %s: data continues after the last tensor, at byte %d"
              .formatted(source, dataStart + dataBytes()));
    }
    return false;
  }

  /** The current tensor. */
  public TensorEntry current() {
    if (position < 0 || position >= header.tensors().size()) {
      throw new IllegalStateException("No current tensor; call next() first");
    }
    return header.tensors().get(position);
  }

  /** Reads the next {@code count} numbers of a floating tensor. */
  public void read(float[] into, int from, int count) throws IOException {
    ElementType type = requireType(FLOATING);
    for (int done = 0; done < count; ) {
      int numbers = fill(count - done);
      for (int i = 0; i < numbers; i++) {
        into[from + done++] = (float) type.next(chunk);
      }
    }
  }

  /** All numbers of a floating tensor. */
  public float[] floats() throws IOException {
    int length = wholeLength(Float.BYTES);
    float[] values = new float[Math.min(length, FIRST_PIECE)];
    for (int done = 0; ; ) {
      read(values, done, values.length - done);
      if (values.length == length) {
        return values;
      }
      done = values.length;
      values = Arrays.copyOf(values, grown(done, length));
    }
  }

  /** All numbers of a floating tensor. */
  public double[] doubles() throws IOException {
    ElementType type = requireType(FLOATING);
    int length = wholeLength(Double.BYTES);
    double[] values = new double[Math.min(length, FIRST_PIECE)];
    for (int done = 0; done < length; ) {
      values = done < values.length ? values : Arrays.copyOf(values, grown(done, length));
      int numbers = fill(values.length - done);
      for (int i = 0; i < numbers; i++) {
        values[done++] = type.next(chunk);
      }
    }
    return values;
  }

  /** All numbers of an I64, I32 or U8 tensor. */
  public long[] integers() throws IOException {
    ElementType type = requireType(ElementType.I64, ElementType.I32, ElementType.U8);
    int length = wholeLength(Long.BYTES);
    long[] values = new long[Math.min(length, FIRST_PIECE)];
    for (int done = 0; done < length; ) {
      values = done < values.length ? values : Arrays.copyOf(values, grown(done, length));
      int numbers = fill(values.length - done);
      for (int i = 0; i < numbers; i++) {
        values[done++] =
            switch (type) {
              case I64 -> chunk.getLong();
              case I32 -> chunk.getInt();
              default -> chunk.get() & 0xFF;
            };
      }
    }
    return values;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private ElementType requireType(ElementType... supported) {
    ElementType type = current().type();
    if (!Arrays.asList(supported).contains(type)) {
      throw new IllegalStateException(
          "Tensor %s of %s has type %s, expected one of %s"
              .formatted(current().name(), source, type, Arrays.toString(supported)));
    }
    return type;
  }

  private static int grown(int length, int wanted) {
    return (int) Math.min(wanted, 2L * length);
  }

  /** Elements that are left to read into an array, which grows to twice its length at a time. */
  private int wholeLength(int bytes) throws IOException {
    if (unread > TensorEntry.MOST_ELEMENTS) {
      throw CorruptCheckpointException.at(
          source,
          dataStart + current().offset(),
          "tensor %s has %d elements, too many for one array".formatted(current().name(), unread));
    }
    TooLargeException.requireRoom(source, "tensor " + current().name(), 2 * unread * bytes);
    return (int) unread;
  }

  /** Reads up to {@code wanted} numbers into the chunk; returns their number. */
  private int fill(int wanted) throws IOException {
    TensorEntry tensor = current();
    if (unread < 1) {
      throw new IllegalArgumentException(
          "Tensor %s of %s has only %d elements"
              .formatted(tensor.name(), source, tensor.elements()));
    }
    int bytes = tensor.type().bytes();
    int numbers = (int) Math.min(Math.min(wanted, unread), CHUNK_BYTES / bytes);
    int found = in.readNBytes(chunk.array(), 0, numbers * bytes);
    if (found < numbers * bytes) {
      throw truncated(tensor, found);
    }
    chunk.clear();
    unread -= numbers;
    return numbers;
  }

  private void skipUnread() throws IOException {
    while (unread > 0) {
      fill(Integer.MAX_VALUE);
    }
  }

  private CorruptCheckpointException truncated(TensorEntry tensor, int found) {
    long within = (tensor.elements() - unread) * tensor.type().bytes() + found;
    return new CorruptCheckpointException(
        "Cannot read %s: truncated at byte %d, %d bytes into tensor %s of %d bytes"
            .formatted(
                source,
                dataStart + tensor.offset() + within,
                within,
                tensor.name(),
                tensor.bytes()));
  }

  private long dataBytes() {
    return header.tensors().stream().mapToLong(TensorEntry::bytes).sum();
  }
}
