package vivit.spark.checkpoint;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMapDifference;

/** Says in which classes a shard set differs from a checkpoint. */
public final class LabelDifferences {
  private LabelDifferences() {}

  /**
   * One sentence per head that differs; none when class ids mean the same in both. The name of an
   * only head does not matter.
   */
  public static List<String> between(LabelHeads shards, LabelHeads checkpoint) {
    List<String> names = names(shards);
    List<String> trained = names(checkpoint);
    boolean several = Math.max(names.size(), trained.size()) > 1;
    if (several && !names.equals(trained)) {
      return List.of("heads: shards %s, checkpoint %s".formatted(names, trained));
    }
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      LabelHead head = shards.heads().get(i);
      String difference = difference(head, checkpoint.heads().get(i));
      if (!difference.isEmpty()) {
        differences.add(several ? head.name() + ": " + difference : difference);
      }
    }
    return differences;
  }

  private static List<String> names(LabelHeads heads) {
    return heads.heads().stream().map(LabelHead::name).toList();
  }

  private static String difference(LabelHead shards, LabelHead checkpoint) {
    if (shards.labelling() != checkpoint.labelling()) {
      return "shards are %s, the checkpoint is %s"
          .formatted(shards.labelling().word(), checkpoint.labelling().word());
    }
    LabelMapDifference difference = new LabelMapDifference(shards.map(), checkpoint.map());
    return difference.isEmpty() ? "" : difference.text("the shards", "the checkpoint");
  }
}
