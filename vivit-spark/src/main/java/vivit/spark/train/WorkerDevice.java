package vivit.spark.train;

import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;

/** Prepares the executor's thread for tensors: the GPU that Spark assigned, checked. */
final class WorkerDevice {
  private WorkerDevice() {}

  static void prepare(TaskContext context) {
    ResourceInformation gpu = context.resourcesJMap().get("gpu");
    if (gpu != null && gpu.addresses().length > 0) {
      Nd4j.getAffinityManager().unsafeSetDevice(Integer.valueOf(gpu.addresses()[0]));
    }
  }
}
