package vivit.spark.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Floats in native memory, in the processor's byte order. Whoever holds a slice has a pin on it;
 * the memory goes back to the store when the last pin is released.
 */
public final class Slice implements AutoCloseable {
  private final SliceStore store;
  private final BytePointer memory;
  private final int length;
  private int pins = 1;

  /** Wraps memory of the store; the caller has the first pin. */
  Slice(SliceStore store, BytePointer memory, int length) {
    this.store = store;
    this.memory = memory;
    this.length = length;
  }

  /** Number of floats. */
  public int length() {
    return length;
  }

  /** The values; valid while the caller holds its pin. */
  public FloatBuffer floats() {
    return bytes().asFloatBuffer();
  }

  /** The bytes; valid while the caller holds its pin. */
  ByteBuffer bytes() {
    return new BytePointer(memory)
        .position(0)
        .limit((long) length * Float.BYTES)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }

  /** Copies all values from native memory at an address. */
  public void copyFrom(long address) {
    Pointer.memcpy(memory, new Place(address), (long) length * Float.BYTES);
  }

  /** Copies all values to native memory at an address. */
  public void copyTo(long address) {
    Pointer.memcpy(new Place(address), memory, (long) length * Float.BYTES);
  }

  /** Sets all values to 0. */
  void clear() {
    Pointer.memset(memory, 0, (long) length * Float.BYTES);
  }

  /** A place in someone else's memory. */
  private static final class Place extends Pointer {
    Place(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }

  /** Adds a pin; false if the last one is already gone. */
  synchronized boolean pin() {
    if (pins == 0) {
      return false;
    }
    pins++;
    return true;
  }

  /** Releases a pin. */
  @Override
  public void close() {
    synchronized (this) {
      if (pins == 0) {
        throw new IllegalStateException("A slice was released more often than it was taken");
      }
      if (--pins > 0) {
        return;
      }
    }
    store.reuse(memory);
  }
}
