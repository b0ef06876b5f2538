package vivit.dataprep.video;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Finds the Java object behind the opaque pointer that FFmpeg hands to a callback.
 *
 * <p>JavaCPP has native code for ten instances of a callback type only, fewer than the tasks an
 * executor may run. So each callback exists once and finds its object here.
 */
final class Handles<T> {
  private final Map<Long, T> objects = new ConcurrentHashMap<>();

  /** Makes the object known; the returned pointer is its handle until {@link #release}. */
  LongPointer register(T object) {
    LongPointer handle = new LongPointer(1);
    objects.put(handle.address(), object);
    return handle;
  }

  /** The object of a handle. */
  T get(Pointer handle) {
    return objects.get(handle.address());
  }

  /** Forgets the object and frees its handle. */
  void release(LongPointer handle) {
    objects.remove(handle.address());
    handle.close();
  }
}
