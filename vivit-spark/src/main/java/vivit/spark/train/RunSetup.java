package vivit.spark.train;

import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;
import vivit.model.ModelDescription;
import vivit.spark.input.Augmentation;
import vivit.spark.input.ClipAugmenter;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.Mirroring;

/**
 * What a worker needs to know once per run; sent as a broadcast.
 *
 * @param run names this run of the program; replicas are kept per run
 * @param shards folder of the shard set
 * @param seed of every random draw
 * @param reportClips whether every step names its clips
 */
public record RunSetup(
    String run,
    ModelDescription model,
    UpdateRules rules,
    String shards,
    SerializableConfiguration conf,
    long seed,
    Augmentation augmentation,
    Mirroring mirroring,
    boolean reportClips)
    implements Serializable {

  /** A new one, for one thread. */
  ClipAugmenter augmenter() {
    return new ClipAugmenter(tokens(), augmentation, mirroring, seed);
  }

  /** From clips to tokens. */
  ClipTokens tokens() {
    return new ClipTokens(model.config());
  }
}
