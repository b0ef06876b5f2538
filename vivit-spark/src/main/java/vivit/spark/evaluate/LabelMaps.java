package vivit.spark.evaluate;

import java.util.List;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Manifest;
import vivit.spark.model.LoadedModel;

/** Compares the label map of a shard set with the checkpoint's. */
final class LabelMaps {
  private LabelMaps() {}

  /**
   * Refuses a shard set whose label map is not the checkpoint's, because class ids would mean
   * different things; lists the classes that differ.
   *
   * @throws IllegalArgumentException naming shard set, checkpoint and the differing classes
   */
  static void requireSame(String shards, Manifest manifest, LoadedModel model) {
    LabelHeads prepared = manifest.heads();
    LabelHeads trained = model.heads();
    List<String> differences = LabelDifferences.between(prepared, trained);
    if (differences.isEmpty() && manifest.labelsHash().equals(model.state().labelsHash())) {
      return;
    }
    throw new IllegalArgumentException(
        "Cannot evaluate %s on %s: label map %s (%d classes), expected %s (%d classes); %s; prepare the shards with the label map that the checkpoint was trained with"
            .formatted(
                model.folder(),
                shards,
                brief(manifest.labelsHash()),
                prepared.classes(),
                brief(model.state().labelsHash()),
                trained.classes(),
                differences.isEmpty()
                    ? "the names are the same, so one of the two hashes is damaged"
                    : String.join("; ", differences)));
  }

  private static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }
}
