package vivit.model.engine;

import java.util.Properties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What computes in this JVM, for the log: a slow BLAS or a wrong device should be seen at once. */
public final class Engines {

  private static final int PROBE_SIZE = 512;
  private static final int PROBE_RUNS = 5;

  private Engines() {}

  /** The fastest engine of this JVM for a number type; {@link Threads#perTask} threads. */
  public static Engine create(DataType type) {
    boolean cpu = Nd4j.getExecutioner().type() != ExecutionerType.CUDA;
    return cpu && type == DataType.FLOAT ? new OneDnnEngine() : new Nd4jEngine(type);
  }

  /**
   * One line: backend, BLAS, threads, device and the speed of a matrix product, such as {@code CPU,
   * OPENBLAS, 1 thread, 96 GFLOP/s}. Takes a few tens of milliseconds; call it once per JVM.
   *
   * @throws IllegalStateException if the device cannot run the backend
   */
  public static String description() {
    DeviceCheck.requireUsableDevice();
    Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
    return "%s, %s, %s threads, %.0f GFLOP/s"
        .formatted(
            device(),
            environment.get("blas.vendor"),
            environment.getOrDefault("omp.threads", "?"),
            gigaflops());
  }

  private static String device() {
    if (Nd4j.getExecutioner().type() != ExecutionerType.CUDA) {
      return "CPU";
    }
    NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    int device = ops.getDevice();
    return "CUDA device %d, %s, compute capability %d.%d, %d MiB"
        .formatted(
            device,
            ops.getDeviceName(device).strip(),
            ops.getDeviceMajor(device),
            ops.getDeviceMinor(device),
            ops.getDeviceTotalMemory(device) >> 20);
  }

  /** The best of a few single-precision products. */
  private static double gigaflops() {
    long[] shape = {PROBE_SIZE, PROBE_SIZE};
    double best = 0;
    try (INDArray a = Nd4j.ones(DataType.FLOAT, shape);
        INDArray product = Nd4j.createUninitialized(DataType.FLOAT, shape, 'f')) {
      for (int run = 0; run < PROBE_RUNS; run++) {
        long start = System.nanoTime();
        Nd4j.gemm(a, a, product, false, false, 1, 0);
        Nd4j.getExecutioner().commit();
        long nanos = System.nanoTime() - start;
        best = Math.max(best, 2.0 * PROBE_SIZE * PROBE_SIZE * PROBE_SIZE / nanos);
      }
    }
    return best;
  }
}
