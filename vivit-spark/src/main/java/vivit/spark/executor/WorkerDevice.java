package vivit.spark.executor;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.storage.NativeCache;
import vivit.model.engine.DeviceCheck;
import vivit.model.engine.Engines;

/** Prepares an executor for tensors: the number of threads and the GPU that Spark assigned. */
public final class WorkerDevice {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDevice.class);
  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private WorkerDevice() {}

  /** Prepares the executor of a task that computes with the threads of its cores. */
  public static void prepare(TaskContext context) {
    prepare(context, context.cpus());
  }

  /**
   * Prepares the executor of a task; every task calls one of these before its first tensor.
   *
   * @param threads that compute
   * @throws Refusal if the build has no code for the card, or native libraries have no place
   */
  public static void prepare(TaskContext context, int threads) {
    try {
      NativeCache.secure();
    } catch (IOException unwritable) {
      throw new Refusal(unwritable.getMessage(), unwritable);
    }
    Engines.boundThreads(threads);
    ResourceInformation gpu = context.resourcesJMap().get("gpu");
    if (gpu != null && gpu.addresses().length > 0) {
      Nd4j.getAffinityManager().unsafeSetDevice(Integer.valueOf(gpu.addresses()[0]));
    }
    try {
      DeviceCheck.requireUsableDevice();
    } catch (IllegalStateException unusable) {
      throw new Refusal(unusable.getMessage(), unusable);
    }
    if (STARTED.compareAndSet(false, true)) {
      LOG.info("Computing on {}", Engines.description());
    }
  }
}
