package vivit.dataprep.prepare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.source.LabelledVideo;

/** A number for every class, by label id, one head after the other. */
public final class LabelCounts {
  private final LabelHeads heads;
  private final List<Long> counts;

  /** From the counts of earlier; from zero where there are none. */
  public LabelCounts(LabelHeads heads, List<Long> start) {
    this.heads = heads;
    this.counts =
        new ArrayList<>(start.isEmpty() ? Collections.nCopies(heads.classes(), 0L) : start);
  }

  /** Adds to the classes of a video. */
  public void add(LabelledVideo video, long count) {
    ClipLabels labels = heads.labels(video.labels());
    for (int head = 0; head < labels.heads().size(); head++) {
      for (ClipLabels.Label label : labels.heads().get(head)) {
        int number = heads.offset(head) + label.id();
        counts.set(number, counts.get(number) + count);
      }
    }
  }

  public List<Long> toList() {
    return List.copyOf(counts);
  }
}
