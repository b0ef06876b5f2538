package vivit.spark.exchange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.bytedeco.javacpp.BytePointer;

/**
 * The slices that this JVM keeps, by name. Memory of dropped slices is kept for new ones of the
 * same size, because fresh memory costs page faults.
 */
public final class SliceStore {
  private final Map<SliceName, Slice> slices = new ConcurrentHashMap<>();
  private final Map<Long, Deque<BytePointer>> free = new HashMap<>();

  /** A slice without values, pinned by the caller. */
  public Slice allocate(int length) {
    long bytes = (long) length * Float.BYTES;
    BytePointer memory = null;
    synchronized (free) {
      Deque<BytePointer> same = free.get(bytes);
      if (same != null) {
        memory = same.poll();
      }
    }
    return new Slice(this, memory == null ? new BytePointer(bytes) : memory, length);
  }

  /**
   * A copy of a slice of a flat vector, pinned by the caller.
   *
   * @param address of the vector in native memory
   */
  public Slice copy(long address, Slicing slicing, int slice) {
    Slice copy = allocate(slicing.length(slice));
    copy.copyFrom(address + slicing.from(slice) * Float.BYTES);
    return copy;
  }

  /** Keeps a slice under a name; takes over the caller's pin. Replaces one of the same name. */
  public void put(SliceName name, Slice slice) {
    Slice before = slices.put(name, slice);
    if (before != null) {
      before.close();
    }
  }

  /** Pins a slice for the caller; empty if there is none of this name. */
  public Optional<Slice> get(SliceName name) {
    return Optional.ofNullable(slices.get(name)).filter(Slice::pin);
  }

  /** Whether a slice is here. */
  public boolean has(SliceName name) {
    return slices.containsKey(name);
  }

  /** The names of all slices. */
  public List<SliceName> names() {
    return new ArrayList<>(slices.keySet());
  }

  /** Drops slices; their memory lives on while someone has a pin on them. */
  public void drop(Predicate<SliceName> unwanted) {
    for (SliceName name : names()) {
      if (unwanted.test(name)) {
        Slice dropped = slices.remove(name);
        if (dropped != null) {
          dropped.close();
        }
      }
    }
  }

  /** Frees the memory that is kept for new slices. */
  public void trim() {
    synchronized (free) {
      free.values().forEach(same -> same.forEach(BytePointer::close));
      free.clear();
    }
  }

  void reuse(BytePointer memory) {
    synchronized (free) {
      free.computeIfAbsent(memory.capacity(), bytes -> new ArrayDeque<>()).push(memory);
    }
  }
}
