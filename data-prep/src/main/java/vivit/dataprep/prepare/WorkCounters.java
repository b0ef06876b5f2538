package vivit.dataprep.prepare;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/** Counts of what tasks do, on their way to the driver. */
final class WorkCounters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LongAccumulator videos;
  private final LongAccumulator bad;
  private final LongAccumulator frames;
  private final LongAccumulator bytes;
  private final LongAccumulator cost;

  WorkCounters(SparkContext sc) {
    videos = sc.longAccumulator("videos");
    bad = sc.longAccumulator("bad videos");
    frames = sc.longAccumulator("frames decoded");
    bytes = sc.longAccumulator("bytes read");
    cost = sc.longAccumulator("estimated cost");
  }

  /** In a task: something was done. */
  void add(Work work) {
    videos.add(work.videos());
    bad.add(work.bad());
    frames.add(work.frames());
    bytes.add(work.bytes());
    cost.add(work.cost());
  }

  /** Ids of the counters, in the order of the fields of {@link Work}. */
  List<Long> ids() {
    return List.of(videos.id(), bad.id(), frames.id(), bytes.id(), cost.id());
  }
}
