package vivit.model.checkpoint;

import java.io.IOException;

/**
 * Thrown when reading a file takes more memory than this JVM has left; the message names file, what
 * takes the memory, and both figures.
 */
public final class TooLargeException extends IOException {

  private static final long serialVersionUID = 1;

  /** Kept free for everything else: one part of the heap in this many. */
  private static final long RESERVE = 16;

  private TooLargeException(String source, String problem) {
    super("Cannot read %s: %s".formatted(source, problem));
  }

  private static TooLargeException of(String source, String what, long bytes) {
    return new TooLargeException(
        source,
        "%s takes %d bytes of memory, but this JVM has %d left of %d; give it more memory (--driver-memory, or -Xmx) if the file is what it should be"
            .formatted(what, bytes, free(), Runtime.getRuntime().maxMemory()));
  }

  /**
   * Refuses what does not fit, before it is allocated.
   *
   * @param source the file's name
   * @param what takes the memory, for the message
   */
  public static void requireRoom(String source, String what, long bytes) throws TooLargeException {
    if (bytes > free()) {
      System.gc(); // counts what is garbage already; only large files come here
      if (bytes > free()) {
        throw of(source, what, bytes);
      }
    }
  }

  /** Allocates an array; a heap that is free but in too small pieces is refused in the same way. */
  static float[] floats(String source, String what, long count) throws TooLargeException {
    if (count < 0 || count > TensorEntry.MOST_ELEMENTS) {
      throw new TooLargeException(
          source, "%s has %d numbers, too many for one array".formatted(what, count));
    }
    requireRoom(source, what, count * Float.BYTES);
    try {
      return new float[(int) count];
    } catch (OutOfMemoryError inPieces) {
      throw of(source, what, count * Float.BYTES);
    }
  }

  private static long free() {
    Runtime jvm = Runtime.getRuntime();
    long used = jvm.totalMemory() - jvm.freeMemory();
    return Math.max(0, jvm.maxMemory() - used - jvm.maxMemory() / RESERVE);
  }
}
