package vivit.spark.bench;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.engine.Engine;
import vivit.model.engine.Engines;
import vivit.model.engine.Threads;

/** The threads and the engine of this process. */
final class Machine {

  private Machine() {}

  /** All cores that this process may use. */
  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Lets everything that computes use so many threads. */
  static void threads(int threads) {
    Threads.perTask(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
  }

  /** The engine that networks of this process use. */
  static Engine engine() {
    return Engines.create(DataType.FLOAT);
  }
}
