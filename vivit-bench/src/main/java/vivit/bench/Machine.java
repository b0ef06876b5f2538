package vivit.bench;

import org.nd4j.linalg.factory.Nd4j;
import vivit.model.engine.Threads;

/** The threads of this process. */
final class Machine {

  private Machine() {}

  /** Lets everything that computes use so many threads. */
  static void threads(int threads) {
    Threads.perTask(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
  }
}
