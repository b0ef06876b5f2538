package vivit.model.engine;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;

/** What one thread at a time works with: addresses, kernels, and numbers on and off the heap. */
final class Seat implements AutoCloseable {

  /** Numbers that are worked on at a time on the heap: few enough for the first-level cache. */
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

  private final Map<Key, Kernel> kernels = new HashMap<>();
  private final FloatPointer[] rooms = new FloatPointer[2];
  private final float[][] rows = new float[3][];

  private record Key(Kind kind, long rows, long columns) {}

  /** Kinds of kernels, and room for scores. */
  enum Kind {
    SOFTMAX,
    EXPONENTIAL,
    PRODUCT,
    LAYER_NORM,
    LAYER_NORM_GRADIENT,
    ROOMS
  }

  /** Makes a kernel for so many rows and columns, or both rooms for so many numbers. */
  void prepare(Kind kind, long rows, long columns) {
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
        new Key(Kind.SOFTMAX, rows, columns), key -> Kernel.softmax(rows, columns));
  }

  Kernel exponential(long count) {
    return kernels.computeIfAbsent(
        new Key(Kind.EXPONENTIAL, 1, count), key -> Kernel.exponential(count));
  }

  Kernel product(long count) {
    return kernels.computeIfAbsent(new Key(Kind.PRODUCT, 1, count), key -> Kernel.product(count));
  }

  Kernel layerNorm(long rows, long width) {
    return kernels.computeIfAbsent(
        new Key(Kind.LAYER_NORM, rows, width), key -> Kernel.layerNorm(rows, width));
  }

  Kernel layerNormGradient(long rows, long width) {
    return kernels.computeIfAbsent(
        new Key(Kind.LAYER_NORM_GRADIENT, rows, width),
        key -> Kernel.layerNormGradient(rows, width));
  }

  /** Native memory with undefined contents; it stays at its place until more is asked for. */
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

  /** Numbers on the heap for whole rows, however long. */
  float[] rows(int number, int length) {
    if (rows[number] == null || rows[number].length < length) {
      rows[number] = new float[length];
    }
    return rows[number];
  }

  /** Copies numbers of a tensor to the heap. */
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
