package vivit.spark.train;

import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;
import vivit.model.ModelDescription;
import vivit.spark.input.ClipAugmenter;

/**
 * What a worker needs to know once per run; sent as a broadcast.
 *
 * @param run names this run of the program; replicas are kept per run
 * @param shards folder of the shard set
 * @param seed of every random draw
 * @param reportClips whether every step names its clips
 */
record RunSetup(
    String run,
    ModelDescription model,
    double momentum,
    double maxGradientNorm,
    String shards,
    SerializableConfiguration conf,
    long seed,
    double minScale,
    double maxScale,
    boolean reportClips)
    implements Serializable {

  ClipAugmenter augmenter() {
    var clip = model.config().clip();
    return new ClipAugmenter(clip.frames(), clip.height(), clip.width(), minScale, maxScale);
  }
}
