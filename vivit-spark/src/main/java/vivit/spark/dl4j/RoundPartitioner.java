package vivit.spark.dl4j;

import org.apache.spark.Partitioner;

/**
 * Deals minibatches to workers: minibatch {@code i} is step {@code i / workers} of worker {@code i
 * % workers}, and a partition is one worker's share of one round.
 */
final class RoundPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final long minibatches;
  private final int workers;
  private final int frequency;

  RoundPartitioner(long minibatches, int workers, int frequency) {
    this.minibatches = minibatches;
    this.workers = workers;
    this.frequency = frequency;
  }

  int rounds() {
    long perRound = (long) workers * frequency;
    return Math.toIntExact((minibatches + perRound - 1) / perRound);
  }

  /** Number of steps of the first worker in a round; no worker takes more. */
  int steps(int round) {
    long before = (long) round * workers * frequency;
    return (int) Math.min(frequency, (minibatches - before + workers - 1) / workers);
  }

  @Override
  public int numPartitions() {
    return rounds() * workers;
  }

  @Override
  public int getPartition(Object key) {
    long index = (Long) key;
    long round = index / workers / frequency;
    return (int) (round * workers + index % workers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RoundPartitioner that
        && minibatches == that.minibatches
        && workers == that.workers
        && frequency == that.frequency;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(minibatches) * 31 + workers * 7 + frequency;
  }
}
