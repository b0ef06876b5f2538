package vivit.dataprep.prepare;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * The work done so far.
 *
 * @param videos number of videos, good and bad
 * @param bad number of bad videos
 * @param frames number of decoded frames
 * @param bytes number of bytes read
 * @param cost estimated cost of this work
 */
record WorkDone(long videos, long bad, long frames, long bytes, long cost) implements Serializable {
  static final WorkDone NONE = new WorkDone(0, 0, 0, 0, 0);

  /** Accumulators that report the work of tasks to the driver. */
  static final class WorkCounters implements Serializable {
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

    /** Adds the work of a task. */
    void add(WorkDone work) {
      videos.add(work.videos());
      bad.add(work.bad());
      frames.add(work.frames());
      bytes.add(work.bytes());
      cost.add(work.cost());
    }

    /** Ids of the accumulators, in the order of the fields of {@link WorkDone}. */
    List<Long> ids() {
      return List.of(videos.id(), bad.id(), frames.id(), bytes.id(), cost.id());
    }
  }

  WorkDone plus(WorkDone other) {
    return new WorkDone(
        videos + other.videos,
        bad + other.bad,
        frames + other.frames,
        bytes + other.bytes,
        cost + other.cost);
  }

  /** Formats the work per second: {@code 5.0 videos/s, 300 frames/s, 12.3 MB/s read}. */
  String rates(double seconds) {
    double time = Math.max(seconds, 1e-3);
    return "%.1f videos/s, %.0f frames/s, %.1f MB/s read"
        .formatted(videos / time, frames / time, bytes / 1e6 / time);
  }
}
