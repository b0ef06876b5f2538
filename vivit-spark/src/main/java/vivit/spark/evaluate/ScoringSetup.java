package vivit.spark.evaluate;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import vivit.model.ModelDescription;

/**
 * What an executor needs to score clips.
 *
 * @param key names this evaluation; networks are kept per key
 * @param model its configuration
 * @param slices the flat parameters, all slices but the last of {@code sliceLength} values
 * @param sliceLength values of a slice
 * @param shards folder of the shard set
 * @param conf how to reach it
 * @param crops crops of every clip
 * @param clipsPerBatch clips that go through the network together, with all their crops
 */
record ScoringSetup(
    String key,
    ModelDescription model,
    List<Broadcast<float[]>> slices,
    int sliceLength,
    String shards,
    SerializableConfiguration conf,
    int crops,
    int clipsPerBatch)
    implements Serializable {}
