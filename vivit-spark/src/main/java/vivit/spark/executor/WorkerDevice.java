package vivit.spark.executor;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.model.engine.DeviceCheck;
import vivit.model.engine.Engines;

/**
 * Prepares an executor for tensors: as many threads as Spark gave, and the GPU that it assigned.
 */
public final class WorkerDevice {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDevice.class);
  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private WorkerDevice() {}

  /**
   * To be called by every task before its first tensor.
   *
   * @throws IllegalStateException if the build has no code for the card
   */
  public static void prepare(TaskContext context) {
    Engines.boundThreads(context.cpus());
    ResourceInformation gpu = context.resourcesJMap().get("gpu");
    if (gpu != null && gpu.addresses().length > 0) {
      Nd4j.getAffinityManager().unsafeSetDevice(Integer.valueOf(gpu.addresses()[0]));
    }
    DeviceCheck.requireUsableDevice();
    if (STARTED.compareAndSet(false, true)) {
      LOG.info("Computing on {}", Engines.description());
    }
  }
}
