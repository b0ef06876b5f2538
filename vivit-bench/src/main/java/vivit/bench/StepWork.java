package vivit.bench;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;
import vivit.model.engine.EngineTimes;

/** A network with random clips and the work of a step on them. */
sealed interface StepWork extends AutoCloseable permits TrainingWork, InferenceWork {

  /** Creates the work that the settings describe. */
  static StepWork of(BenchSettings settings) {
    return settings.pass() == BenchSettings.StepKind.TRAINING
        ? new TrainingWork(settings)
        : new InferenceWork(settings);
  }

  /**
   * Runs one step.
   *
   * @param times paused while the step clips and updates
   */
  void step(EngineTimes times);

  /** The network. */
  ComputationGraph graph();

  /** Nanoseconds spent on clipping and updates so far. */
  long updateNanos();

  /** A number that the last step computed; not finite after an error. */
  double result();

  @Override
  void close();

  /** Draws tokens {@code [b, n, v]} of random pixels, uniform in [-1, 1). */
  static INDArray tokens(ViViTConfig model, int clips, Random random) {
    int values = model.grid().tokens() * model.tubelet().values();
    float[] numbers = new float[Math.multiplyExact(clips, values)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 2 * random.nextFloat() - 1;
    }
    return Nd4j.createFromArray(numbers)
        .reshape(clips, model.grid().tokens(), model.tubelet().values());
  }
}
