package vivit.dataprep.shard;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.ClipLabels.Label;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;

/**
 * The label columns: per head {@code <head>_id} and {@code <head>_name}, or, if the head is
 * multi-label, the lists {@code <head>_ids} and {@code <head>_names}.
 */
final class LabelCells {
  private LabelCells() {}

  /** The columns in Parquet's schema language. */
  static String columns(LabelHeads heads) {
    StringBuilder columns = new StringBuilder();
    for (LabelHead head : heads) {
      columns.append(
          (head.labelling() == Labelling.SINGLE_LABEL
                  ? """
                    required int32 NAME_id;
                    required binary NAME_name (STRING);
                    """
                  : """
                    required group NAME_ids (LIST) {
                      repeated group list { required int32 element; }
                    }
                    required group NAME_names (LIST) {
                      repeated group list { required binary element (STRING); }
                    }
                    """)
              .replace("NAME", head.name()));
    }
    return columns.toString();
  }

  /** Reads the labels of a row. */
  static ClipLabels read(LabelHeads heads, ClipCells row) throws CorruptShardException {
    List<List<Label>> labels = new ArrayList<>();
    for (LabelHead head : heads) {
      if (head.labelling() == Labelling.SINGLE_LABEL) {
        labels.add(
            List.of(new Label(row.integer(head.name() + "_id"), row.text(head.name() + "_name"))));
        continue;
      }
      List<Integer> ids = row.integers(head.name() + "_ids");
      List<String> names = row.texts(head.name() + "_names");
      if (ids.size() != names.size()) {
        throw row.wrong(
            "has %d ids and %d names of %s".formatted(ids.size(), names.size(), head.name()));
      }
      List<Label> several = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        several.add(new Label(ids.get(i), names.get(i)));
      }
      labels.add(several);
    }
    return new ClipLabels(labels);
  }

  /** Describes a defect of a clip's labels; null if there is none. */
  static String problem(LabelHeads heads, ClipLabels labels) {
    if (labels.heads().size() != heads.count()) {
      return "has labels of %d heads, expected %d".formatted(labels.heads().size(), heads.count());
    }
    for (int i = 0; i < heads.count(); i++) {
      LabelHead head = heads.get(i);
      List<Label> found = labels.heads().get(i);
      if (head.labelling() == Labelling.SINGLE_LABEL && found.size() != 1) {
        return "has %d classes of %s, expected one".formatted(found.size(), head.name());
      }
      int last = -1;
      for (Label label : found) {
        if (label.id() < 0 || label.id() >= head.classes()) {
          return "has %s %d of %d".formatted(head.name(), label.id(), head.classes());
        }
        if (label.id() <= last) {
          return "has %s %d after %d, expected ascending ids"
              .formatted(head.name(), label.id(), last);
        }
        last = label.id();
        String name = head.map().name(label.id());
        if (!label.name().equals(name)) {
          return "calls %s %d \"%s\", the manifest \"%s\""
              .formatted(head.name(), label.id(), label.name(), name);
        }
      }
    }
    return null;
  }
}
