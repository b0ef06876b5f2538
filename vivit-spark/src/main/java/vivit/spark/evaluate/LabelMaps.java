package vivit.spark.evaluate;

import java.util.ArrayList;
import java.util.List;

/** Compares the label map of a shard set with the checkpoint's. */
final class LabelMaps {
  private static final int SHOWN = 10;

  private LabelMaps() {}

  /**
   * Refuses a shard set whose label map is not the checkpoint's, because class ids would mean
   * different things; lists the ids that differ.
   *
   * @throws IllegalArgumentException naming shard set, checkpoint and the differing ids
   */
  static void requireSame(
      String shards,
      String shardsHash,
      List<String> shardLabels,
      String checkpoint,
      String checkpointHash,
      List<String> checkpointLabels) {
    if (shardsHash.equals(checkpointHash) && shardLabels.equals(checkpointLabels)) {
      return;
    }
    List<String> differing = new ArrayList<>();
    int ids = Math.max(shardLabels.size(), checkpointLabels.size());
    for (int k = 0; k < ids; k++) {
      String shard = name(shardLabels, k);
      String trained = name(checkpointLabels, k);
      if (!shard.equals(trained)) {
        differing.add("%d: shards %s, checkpoint %s".formatted(k, shard, trained));
      }
    }
    int hidden = differing.size() - SHOWN;
    throw new IllegalArgumentException(
        "Cannot evaluate %s on %s: label map %s (%d classes), expected %s (%d classes); %s%s; prepare the shards with the label map that the checkpoint was trained with"
            .formatted(
                checkpoint,
                shards,
                brief(shardsHash),
                shardLabels.size(),
                brief(checkpointHash),
                checkpointLabels.size(),
                differing.isEmpty()
                    ? "the names are the same, so one of the two hashes is damaged"
                    : "differing ids: "
                        + String.join(
                            "; ", differing.subList(0, Math.min(SHOWN, differing.size()))),
                hidden > 0 ? "; and " + hidden + " more" : ""));
  }

  private static String name(List<String> labels, int id) {
    return id < labels.size() ? "'" + labels.get(id) + "'" : "none";
  }

  private static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }
}
