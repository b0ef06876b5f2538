package vivit.model.engine;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the engine of this JVM and its threads, and describes them for the log, which thus
 * reveals a slow CPU, BLAS or device.
 */
public final class Engines {

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  /** Rows and width of the speed probe: a projection of ViViT-B over a few hundred tokens. */
  private static final long PROBE_ROWS = 1024;

  private static final long PROBE_WIDTH = 768;
  private static final long PROBE_NANOS = 300_000_000;

  private static final AtomicInteger ND4J_THREADS = new AtomicInteger();

  private Engines() {}

  /** The implementations. */
  enum Implementation {
    ONE_DNN,
    ND4J
  }

  /** Libraries that this JVM can load; checked, and warned about, once. */
  private static final class Loaded {
    static final boolean CUDA = Nd4j.getExecutioner().type() == ExecutionerType.CUDA;
    static final Optional<String> PROBLEM = CUDA ? Optional.empty() : problem(OneDnn::load);

    static {
      PROBLEM.ifPresent(LOG::warn);
      if (!CUDA && PROBLEM.isEmpty()) {
        Processor.current().warning().ifPresent(LOG::warn);
      }
    }

    private Loaded() {}
  }

  /**
   * The warning if oneDNN cannot be loaded; otherwise empty.
   *
   * @param load throws a {@link LinkageError} if oneDNN cannot be loaded
   */
  static Optional<String> problem(Runnable load) {
    try {
      load.run();
      return Optional.empty();
    } catch (LinkageError missing) {
      return Optional.of(
          ("Cannot load oneDNN on %s %s (%s); computing with ND4J instead, which is slower. Add the"
                  + " library org.bytedeco:dnnl for this platform to the class path if there is one")
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), missing));
    }
  }

  /** Chooses oneDNN for single precision on CPUs if it can be loaded, otherwise ND4J. */
  static Implementation choice(boolean cuda, DataType type, Optional<String> problem) {
    return !cuda && type == DataType.FLOAT && problem.isEmpty()
        ? Implementation.ONE_DNN
        : Implementation.ND4J;
  }

  private static Implementation choice(DataType type) {
    return choice(Loaded.CUDA, type, Loaded.PROBLEM);
  }

  /**
   * Creates the fastest engine of this JVM for a number type, with {@link Threads#perTask} threads.
   */
  public static Engine create(DataType type) {
    return switch (choice(type)) {
      case ONE_DNN -> new OneDnnEngine();
      case ND4J -> new Nd4jEngine(type);
    };
  }

  /**
   * Limits the threads of engines created from now on, and of ND4J. If another engine computes,
   * ND4J gets one thread, because the two would compete for cores.
   *
   * @param perTask cores of a task, such as {@code spark.task.cpus}; at least 1
   */
  public static void boundThreads(int perTask) {
    Threads.perTask(perTask);
    int nd4j = choice(DataType.FLOAT) == Implementation.ONE_DNN ? 1 : Threads.perTask();
    if (ND4J_THREADS.getAndSet(nd4j) != nd4j) {
      Nd4j.getEnvironment().setMaxMasterThreads(nd4j);
      Nd4j.getEnvironment().setMaxThreads(nd4j);
      Nd4j.factory().blas().setMaxThreads(nd4j);
    }
  }

  /**
   * Describes engine and kernels, device, threads, ND4J's BLAS and the speed of a matrix product in
   * one line, such as {@code oneDNN 3.13.0 (AVX2) on 2 of 2 cores, ND4J with OPENBLAS, 290
   * GFLOP/s}. Takes about 0.3 s; call it once per JVM.
   *
   * @throws IllegalStateException if the device cannot run the backend
   */
  public static String description() {
    DeviceCheck.requireUsableDevice();
    String blas =
        String.valueOf(Nd4j.getExecutioner().getEnvironmentInformation().get("blas.vendor"));
    return "%s on %d of %d cores, ND4J with %s, %.0f GFLOP/s"
        .formatted(computing(), Threads.perTask(), Threads.cores(), blas, gigaflops());
  }

  private static String computing() {
    if (choice(DataType.FLOAT) == Implementation.ONE_DNN) {
      dnnl_version_t version = version();
      return "oneDNN %d.%d.%d (%s)"
          .formatted(
              version.major(), version.minor(), version.patch(), Processor.current().kernels());
    }
    if (!Loaded.CUDA) {
      return "ND4J";
    }
    NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    int device = ops.getDevice();
    return "ND4J (CUDA device %d, %s, compute capability %d.%d, %d MiB)"
        .formatted(
            device,
            ops.getDeviceName(device).strip(),
            ops.getDeviceMajor(device),
            ops.getDeviceMinor(device),
            ops.getDeviceTotalMemory(device) >> 20);
  }

  private static dnnl_version_t version() {
    return dnnl.dnnl_version();
  }

  /** Best speed of a linear layer on the chosen engine. */
  private static double gigaflops() {
    double best = 0;
    try (Engine engine = create(DataType.FLOAT)) {
      Tensor x = engine.allocate(PROBE_ROWS, PROBE_WIDTH);
      Tensor y = engine.allocate(PROBE_ROWS, PROBE_WIDTH);
      Tensor bias = engine.allocate(PROBE_WIDTH);
      long[] square = {PROBE_WIDTH, PROBE_WIDTH};
      Tensor kernel = engine.allocate(square).view(0, square, new long[] {1, PROBE_WIDTH});
      engine.fill(x, 1);
      engine.fill(kernel, 1);
      engine.fill(bias, 1);
      long end = System.nanoTime() + PROBE_NANOS;
      while (System.nanoTime() < end) {
        Nd4j.getExecutioner().commit();
        long start = System.nanoTime();
        engine.linear(x, kernel, bias, y);
        Nd4j.getExecutioner().commit();
        long nanos = System.nanoTime() - start;
        best = Math.max(best, 2.0 * PROBE_ROWS * PROBE_WIDTH * PROBE_WIDTH / nanos);
      }
    }
    return best;
  }
}
