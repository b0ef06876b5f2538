package vivit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns stored numbers into float32. */
final class Floats {

  /** The largest array that every JVM can make. */
  static final long MOST = Integer.MAX_VALUE - 8;

  private static final int CHUNK_BYTES = 1 << 16;

  private Floats() {}

  /**
   * Reads a whole tensor, in the order of its bytes.
   *
   * @param in at the first number; the caller has checked that the file can hold all of them
   * @param order of the bytes of one number
   */
  static float[] read(InputStream in, TensorEntry tensor, ByteOrder order, String source)
      throws IOException {
    requireReadable(tensor, source);
    float[] values = new float[(int) tensor.elements()];
    ByteBuffer chunk =
        ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, tensor.bytes())).order(order);
    int size = tensor.type().bytes();
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, chunk.capacity() / size);
      int found = in.readNBytes(chunk.array(), 0, count * size);
      if (found < count * size) {
        throw CorruptCheckpointException.at(
            source,
            tensor.offset(),
            "tensor %s ends after %d of its %d bytes"
                .formatted(tensor.name(), (long) done * size + found, tensor.bytes()));
      }
      chunk.clear();
      for (int i = 0; i < count; i++) {
        values[done++] = narrow(tensor.type().next(chunk), tensor, source);
      }
    }
    return values;
  }

  /** Refuses integers, which parameters never are, and what no array can hold. */
  static void requireReadable(TensorEntry tensor, String source) throws CorruptCheckpointException {
    if (!tensor.type().isFloating()) {
      throw CorruptCheckpointException.at(
          source,
          tensor.offset(),
          "tensor %s has type %s, expected a floating type"
              .formatted(tensor.name(), tensor.type()));
    }
    if (tensor.elements() > MOST) {
      throw CorruptCheckpointException.at(
          source,
          tensor.offset(),
          "tensor %s has %d elements, too many for one array"
              .formatted(tensor.name(), tensor.elements()));
    }
  }

  private static float narrow(double value, TensorEntry tensor, String source)
      throws CorruptCheckpointException {
    float narrow = (float) value;
    if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
      throw CorruptCheckpointException.at(
          source,
          tensor.offset(),
          "tensor %s holds %s, which does not fit float32".formatted(tensor.name(), value));
    }
    return narrow;
  }
}
