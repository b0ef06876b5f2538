package vivit.spark.train;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Prepares an executor for tensors: as many threads as Spark gave, and the GPU that it assigned.
 */
final class WorkerDevice {
  private static final AtomicBoolean THREADS_SET = new AtomicBoolean();

  private WorkerDevice() {}

  static void prepare(TaskContext context) {
    if (System.getenv("OMP_NUM_THREADS") == null && THREADS_SET.compareAndSet(false, true)) {
      Nd4j.getEnvironment().setMaxMasterThreads(context.cpus());
      Nd4j.getEnvironment().setMaxThreads(context.cpus());
      Nd4j.factory().blas().setMaxThreads(context.cpus());
    }
    ResourceInformation gpu = context.resourcesJMap().get("gpu");
    if (gpu != null && gpu.addresses().length > 0) {
      Nd4j.getAffinityManager().unsafeSetDevice(Integer.valueOf(gpu.addresses()[0]));
    }
  }
}
