package vivit.dataprep.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One count per class, by label id, one head after the other. */
public final class LabelCounts {
  private final LabelHeads heads;
  private final List<Long> counts;

  /** Starts from earlier counts, or from zero if {@code start} is empty. */
  public LabelCounts(LabelHeads heads, List<Long> start) {
    this.heads = heads;
    this.counts =
        new ArrayList<>(start.isEmpty() ? Collections.nCopies(heads.classes(), 0L) : start);
  }

  /**
   * Adds to some classes.
   *
   * @param names per head, the names of the classes
   */
  public void add(List<List<String>> names, long count) {
    ClipLabels labels = heads.labels(names);
    for (int head = 0; head < labels.heads().size(); head++) {
      for (ClipLabels.Label label : labels.heads().get(head)) {
        int number = heads.offset(head) + label.id();
        counts.set(number, counts.get(number) + count);
      }
    }
  }

  /** The counts. */
  public List<Long> toList() {
    return List.copyOf(counts);
  }
}
