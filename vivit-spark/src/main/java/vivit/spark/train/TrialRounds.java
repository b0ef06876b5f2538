package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import vivit.dataprep.config.Refusal;
import vivit.spark.exchange.Peer;

/**
 * The rounds of a run from random parameters, one by one, to be measured: without run folder, log
 * and checkpoints.
 */
public final class TrialRounds implements AutoCloseable {
  private final TrainingDriver driver;
  private final TrainingRounds rounds;
  private long step;

  /**
   * A finished round.
   *
   * @param steps of every worker
   * @param seconds of all of it
   * @param cost of its jobs
   */
  public record Trial(int steps, double seconds, RoundCost cost) {}

  /** Draws the parameters on an executor, for rounds of so many workers. */
  public TrialRounds(TrainingDriver driver, int workers) throws IOException {
    this.driver = driver;
    driver.cut(workers);
    this.rounds = driver.rounds((slicing, table) -> driver.draw("", slicing, table));
  }

  /** Trains the next round and averages. */
  public Trial next() throws IOException {
    RoundPlanner planner = driver.planner();
    if (step >= planner.totalSteps()) {
      throw new Refusal(
          "All %d steps of train.shards and train.epochs are done, and more rounds are wanted; set"
                  .formatted(step)
              + " train.epochs higher");
    }
    long began = System.nanoTime();
    driver.train(rounds, step);
    double seconds = (System.nanoTime() - began) / 1e9;
    long next = planner.end(step);
    int steps = (int) (next - step);
    step = next;
    return new Trial(steps, seconds, rounds.lastCost());
  }

  /** The executors of the last round. */
  public List<Peer> peers() {
    return rounds.peers();
  }

  @Override
  public void close() {
    rounds.close();
  }
}
