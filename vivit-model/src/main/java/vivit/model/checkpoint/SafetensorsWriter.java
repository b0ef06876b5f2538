package vivit.model.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file sequentially: the constructor takes all tensors, and any number of
 * calls then write their numbers in that order, row-major.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafetensorsWriter implements Closeable {

  private static final int CHUNK_BYTES = 1 << 20;

  private final OutputStream out;
  private final List<TensorEntry> tensors;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int position = -1;
  private long missing;

  /**
   * Writes the header.
   *
   * @param out closed with the writer
   * @param tensors in the order in which their numbers follow; offsets are ignored
   * @param metadata text, may be empty
   */
  public SafetensorsWriter(
      OutputStream out, List<TensorEntry> tensors, Map<String, String> metadata)
      throws IOException {
    this.out = out;
    this.tensors = List.copyOf(tensors);
    byte[] json = SafetensorsHeader.layOut(tensors, metadata).toJson();
    chunk.putLong(json.length);
    flushChunk();
    out.write(json);
    advance();
  }

  /** Writes the next {@code count} numbers of F32 tensors. */
  public void write(float[] values, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      room(ElementType.F32).putFloat(values[i]);
      advance();
    }
  }

  /** Writes the next numbers of F64 tensors. */
  public void write(double[] values) throws IOException {
    for (double value : values) {
      room(ElementType.F64).putDouble(value);
      advance();
    }
  }

  /**
   * Writes the next numbers of I64, I32 or U8 tensors; refuses numbers that do not fit the type.
   */
  public void write(long[] values) throws IOException {
    for (long value : values) {
      ElementType type = currentType();
      switch (type) {
        case I64 -> room(type).putLong(value);
        case I32 -> room(type).putInt(Math.toIntExact(value));
        case U8 -> {
          if (value < 0 || value > 255) {
            throw new IllegalArgumentException(value + " does not fit U8");
          }
          room(type).put((byte) value);
        }
        default -> room(ElementType.I64);
      }
      advance();
    }
  }

  /** Flushes and closes; refuses an incomplete tensor. */
  @Override
  public void close() throws IOException {
    try (out) {
      flushChunk();
      if (position < tensors.size()) {
        throw new IllegalStateException(
            "Tensor %s lacks %d of its %d elements"
                .formatted(
                    tensors.get(position).name(), missing, tensors.get(position).elements()));
      }
      out.flush();
    }
  }

  private ElementType currentType() {
    if (position >= tensors.size()) {
      throw new IllegalStateException("All " + tensors.size() + " tensors are complete");
    }
    return tensors.get(position).type();
  }

  private ByteBuffer room(ElementType type) throws IOException {
    if (currentType() != type) {
      throw new IllegalStateException(
          "Tensor %s has type %s, not %s"
              .formatted(tensors.get(position).name(), currentType(), type));
    }
    if (chunk.remaining() < Double.BYTES) {
      flushChunk();
    }
    missing--;
    return chunk;
  }

  /** Advances past complete and empty tensors. */
  private void advance() {
    while (missing == 0 && position < tensors.size()) {
      position++;
      missing = position < tensors.size() ? tensors.get(position).elements() : 0;
    }
  }

  private void flushChunk() throws IOException {
    out.write(chunk.array(), 0, chunk.position());
    chunk.clear();
  }
}
