package vivit.model.engine;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;

/** Working memory of one thread: addresses, kernels, and buffers on and off the heap. */
final class Seat implements AutoCloseable {

  /** Numbers processed on the heap at a time: few enough for the first-level cache. */
  static final int CHUNK = 2048;

  final Address x = new Address();
  final Address y = new Address();
  final Address z = new Address();
  final Address u = new Address();
  final Address v = new Address();
  final Address w = new Address();
  final float[] a = new float[CHUNK];
  final float[] b = new float[CHUNK];
  final float[] c = new float[CHUNK];
  final float[][] states = new float[2][CHUNK];

  private final Map<KernelKey, Kernel> kernels = new HashMap<>();
  private final FloatPointer[] rooms = new FloatPointer[2];
  private final float[][] rows = new float[3][];

  private record KernelKey(KernelKind kind, long rows, long columns) {}

  /** Kinds of prepared resources: kernels, and rooms for scores. */
  enum KernelKind {
    SOFTMAX,
    EXPONENTIAL,
    PRODUCT,
    LAYER_NORM,
    LAYER_NORM_GRADIENT,
    ROOMS
  }

  /** Creates a kernel for a shape, or both rooms for that number of elements. */
  void prepare(KernelKind kind, long rows, long columns) {
    switch (kind) {
      case SOFTMAX -> softmax(rows, columns);
      case EXPONENTIAL -> exponential(rows * columns);
      case PRODUCT -> product(rows * columns);
      case LAYER_NORM -> layerNorm(rows, columns);
      case LAYER_NORM_GRADIENT -> layerNormGradient(rows, columns);
      case ROOMS -> {
        room(0, rows * columns);
        room(1, rows * columns);
      }
    }
  }

  Kernel softmax(long rows, long columns) {
    return kernels.computeIfAbsent(
        new KernelKey(KernelKind.SOFTMAX, rows, columns), key -> Kernel.softmax(rows, columns));
  }

  Kernel exponential(long count) {
    return kernels.computeIfAbsent(
        new KernelKey(KernelKind.EXPONENTIAL, 1, count), key -> Kernel.exponential(count));
  }

  Kernel product(long count) {
    return kernels.computeIfAbsent(
        new KernelKey(KernelKind.PRODUCT, 1, count), key -> Kernel.product(count));
  }

  Kernel layerNorm(long rows, long width) {
    return kernels.computeIfAbsent(
        new KernelKey(KernelKind.LAYER_NORM, rows, width), key -> Kernel.layerNorm(rows, width));
  }

  Kernel layerNormGradient(long rows, long width) {
    return kernels.computeIfAbsent(
        new KernelKey(KernelKind.LAYER_NORM_GRADIENT, rows, width),
        key -> Kernel.layerNormGradient(rows, width));
  }

  /** Native memory with undefined contents; its address changes only when it grows. */
  FloatPointer room(int number, long length) {
    FloatPointer room = rooms[number];
    if (room == null || room.capacity() < length) {
      if (room != null) {
        room.close();
      }
      rooms[number] = new FloatPointer(length);
    }
    return rooms[number];
  }

  /** A heap buffer for whole rows of any length. */
  float[] rows(int number, int length) {
    if (rows[number] == null || rows[number].length < length) {
      rows[number] = new float[length];
    }
    return rows[number];
  }

  /** Copies numbers from a tensor to the heap. */
  void load(CpuTensor tensor, long from, float[] into, int count) {
    w.to(tensor, from).get(into, 0, count);
  }

  /** Copies numbers from the heap to a tensor. */
  void store(float[] values, int count, CpuTensor tensor, long from) {
    w.to(tensor, from).put(values, 0, count);
  }

  @Override
  public void close() {
    kernels.values().forEach(Kernel::close);
    kernels.clear();
    for (int i = 0; i < rooms.length; i++) {
      if (rooms[i] != null) {
        rooms[i].close();
        rooms[i] = null;
      }
    }
  }
}
