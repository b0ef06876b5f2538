package vivit.model.engine;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Keeps native kernels to the thread that calls them: OpenMP's number of threads belongs to each
 * thread, and an engine's threads share the work among themselves.
 */
final class SingleThreaded {

  private static final ThreadLocal<Boolean> DONE =
      ThreadLocal.withInitial(
          () -> {
            Nd4j.getBackend(); // loads what the next line needs
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
            return true;
          });

  private SingleThreaded() {}

  /** To be called by every thread that calls kernels. */
  static void require() {
    DONE.get();
  }
}
