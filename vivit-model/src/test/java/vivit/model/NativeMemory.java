package vivit.model;

import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Native memory in use.
 *
 * @param objects of JavaCPP
 * @param bytes of JavaCPP
 * @param arrays bytes of ND4J, which JavaCPP does not count
 */
public record NativeMemory(long objects, long bytes, long arrays) {

  private static final int MOST_COLLECTIONS = 200;

  public static NativeMemory now() {
    return new NativeMemory(
        Pointer.totalCount(), Pointer.totalBytes(), Nd4j.getEnvironment().getDeviceCouner(0));
  }

  /** Waits until the garbage of earlier tests has been collected; fails if it never is. */
  public static NativeMemory settled() throws InterruptedException {
    NativeMemory before = now();
    int same = 0;
    for (int round = 0; round < MOST_COLLECTIONS; round++) {
      System.gc();
      Thread.sleep(20);
      NativeMemory after = now();
      same = after.equals(before) ? same + 1 : 0;
      if (same == 3) {
        return after;
      }
      before = after;
    }
    throw new AssertionError("Native memory still changes after many collections: " + before);
  }

  public long total() {
    return bytes + arrays;
  }
}
