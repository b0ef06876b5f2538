package vivit.dataprep.label;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.text.Lists;

/** Describes the differences between the classes of two sets, or of a set and a checkpoint. */
public final class LabelDifferences {
  private LabelDifferences() {}

  /**
   * Compares a shard set with a checkpoint: one sentence per head that differs, none if class ids
   * mean the same in both. The name of a single head is ignored.
   */
  public static List<String> between(LabelHeads shards, LabelHeads checkpoint) {
    return between(shards, "the shards", checkpoint, "the checkpoint");
  }

  /** Compares two owners of heads, whose names the sentences use, in the same way. */
  public static List<String> between(
      LabelHeads first, String firstOwner, LabelHeads second, String secondOwner) {
    boolean several = Math.max(first.count(), second.count()) > 1;
    if (several && !first.names().equals(second.names())) {
      return List.of(
          "heads: %s in %s, %s in %s"
              .formatted(first.names(), firstOwner, second.names(), secondOwner));
    }
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < first.count(); i++) {
      LabelHead head = first.get(i);
      String difference = between(head, firstOwner, second.get(i), secondOwner);
      if (!difference.isEmpty()) {
        differences.add(several ? head.name() + ": " + difference : difference);
      }
    }
    return differences;
  }

  private static String between(
      LabelHead first, String firstOwner, LabelHead second, String secondOwner) {
    if (first.labelling() != second.labelling()) {
      return "%s in %s, %s in %s"
          .formatted(first.labelling().word(), firstOwner, second.labelling().word(), secondOwner);
    }
    LabelMapDifference difference = new LabelMapDifference(first.map(), second.map());
    return difference.isEmpty() ? "" : difference.text(firstOwner, secondOwner);
  }

  /** Compares the classes of an existing set with those requested now. */
  public static List<String> since(LabelHeads before, LabelHeads now) {
    if (!before.names().equals(now.names())) {
      return List.of("the heads were %s, now they are %s".formatted(before.names(), now.names()));
    }
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < before.count(); i++) {
      LabelHead old = before.get(i);
      LabelHead head = now.get(i);
      if (old.labelling() != head.labelling()) {
        differences.add(
            "the %s was %s, now it is %s"
                .formatted(old.name(), old.labelling().word(), head.labelling().word()));
      }
      LabelMapDifference difference = new LabelMapDifference(head.map(), old.map());
      if (!difference.missing().isEmpty()) {
        differences.add(names(old, difference.missing(), "are gone"));
      }
      if (!difference.added().isEmpty()) {
        differences.add(names(old, difference.added(), "are new"));
      }
      if (difference.sameNames() && !difference.isEmpty()) {
        differences.add("the %s names are in another order".formatted(old.name()));
      }
    }
    return differences;
  }

  /**
   * Names the requested classes that are not in the fixed list of a set; classes of the list may be
   * absent from the request.
   */
  public static List<String> unknown(LabelHeads fixed, LabelHeads now) {
    if (fixed.count() != now.count()) {
      return since(fixed, now);
    }
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < fixed.count(); i++) {
      LabelHead head = fixed.get(i);
      List<String> unknown = new LabelMapDifference(now.get(i).map(), head.map()).added();
      if (!unknown.isEmpty()) {
        differences.add(
            names(head, unknown, "are not in it")
                + "; the set has a fixed list of %d".formatted(head.classes()));
      }
    }
    return differences;
  }

  private static String names(LabelHead head, List<String> names, String what) {
    return "of the %s names %s".formatted(head.name(), Lists.some(names, what));
  }
}
