package vivit.bench.libtorch;

/** One side of the comparison: a model with its parameters, momentum and batch. */
interface Contender extends AutoCloseable {

  /** Rate of every step. */
  double LEARNING_RATE = 0.01;

  /** Share of the momentum kept per step. */
  double MOMENTUM = 0.9;

  /** Largest norm of a gradient. */
  double LARGEST_NORM = 1;

  /** Name in the table. */
  String name();

  /** Forward, cross-entropy, backward, clipping and momentum update. */
  StepResult step();

  /** A copy of all parameters as they are now, laid out as {@code ParameterIndex}. */
  float[] parameters();

  @Override
  void close();

  /**
   * What a step reports.
   *
   * @param loss mean over the clips, before the update
   * @param gradientNorm before clipping
   */
  record StepResult(double loss, double gradientNorm) {}
}
