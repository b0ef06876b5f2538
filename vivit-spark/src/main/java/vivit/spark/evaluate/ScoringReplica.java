package vivit.spark.evaluate;

import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import vivit.model.ViViTConfig;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.ReadAhead;

/**
 * What an executor keeps from task to task of an evaluation: a network, and threads and memory to
 * read ahead with. Used by one task at a time.
 */
record ScoringReplica(ClipScorer scorer, ReadAhead ahead) implements AutoCloseable {

  /** Builds the network; clips are to be read by so many threads. */
  static ScoringReplica open(ScoringSetup setup, int threads) {
    ViViTConfig config = setup.model().config();
    List<float[]> slices = setup.slices().stream().map(Broadcast::value).toList();
    return new ScoringReplica(
        new ClipScorer(config, slices, setup.sliceLength()),
        new ReadAhead(new ClipTokens(config).shape(), threads));
  }

  @Override
  public void close() {
    ahead.close();
    scorer.close();
  }
}
