package vivit.spark.train;

import vivit.spark.metrics.RoundMetrics;

/** The mean loss per clip since it was last taken; travels as a sum and a weight. */
final class MeanLoss {
  private double sum;
  private long clips;

  void add(RoundMetrics round) {
    sum += round.loss() * round.clips();
    clips += round.clips();
  }

  /** The mean, which starts anew. */
  double take() {
    double mean = sum / clips;
    sum = 0;
    clips = 0;
    return mean;
  }
}
