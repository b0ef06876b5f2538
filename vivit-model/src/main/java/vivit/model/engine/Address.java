package vivit.model.engine;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** A movable pointer to floats in native memory, so that native calls allocate no pointers. */
final class Address extends FloatPointer {

  /** Bytes per float. */
  static final long BYTES = Float.BYTES;

  Address() {
    super((Pointer) null);
  }

  /** Moves to an element of a tensor, counted from the tensor's first element. */
  Address to(CpuTensor tensor, long element) {
    address = tensor.address() + element * BYTES;
    return this;
  }

  /** Moves to an address in bytes. */
  Address to(long bytes) {
    address = bytes;
    return this;
  }

  /** Moves to an element of native memory. */
  Address to(Pointer memory, long element) {
    address = memory.address() + element * BYTES;
    return this;
  }

  /** Copies floats to another address. */
  void copyTo(Address there, long count) {
    memcpy(there, this, count * BYTES);
  }

  /** Sets {@code count} floats to 0. */
  void clear(long count) {
    memset(this, 0, count * BYTES);
  }

  /** Moves forward by {@code count} floats. */
  Address skip(long count) {
    address += count * BYTES;
    return this;
  }
}
