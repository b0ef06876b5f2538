package vivit.model.engine;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** A place in native memory, moved about instead of made anew for every native call. */
final class Address extends FloatPointer {

  /** Bytes of a float. */
  static final long BYTES = Float.BYTES;

  Address() {
    super((Pointer) null);
  }

  /** Points to an element of a tensor, counted from its first. */
  Address to(CpuTensor tensor, long element) {
    address = tensor.address() + element * BYTES;
    return this;
  }

  /** Points to an address in bytes. */
  Address to(long bytes) {
    address = bytes;
    return this;
  }

  /** Points to an element of native memory. */
  Address to(Pointer memory, long element) {
    address = memory.address() + element * BYTES;
    return this;
  }

  /** Copies floats from here to there. */
  void copyTo(Address there, long count) {
    memcpy(there, this, count * BYTES);
  }

  /** Sets this many floats to 0. */
  void clear(long count) {
    memset(this, 0, count * BYTES);
  }

  /** Moves on by this many floats. */
  Address skip(long count) {
    address += count * BYTES;
    return this;
  }
}
