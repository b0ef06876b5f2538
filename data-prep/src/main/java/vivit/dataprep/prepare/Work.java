package vivit.dataprep.prepare;

import java.io.Serializable;

/**
 * What has been done.
 *
 * @param videos good and bad
 * @param bad of them
 * @param frames decoded
 * @param bytes read
 * @param cost estimated for what is done
 */
record Work(long videos, long bad, long frames, long bytes, long cost) implements Serializable {
  static final Work NONE = new Work(0, 0, 0, 0, 0);

  Work plus(Work other) {
    return new Work(
        videos + other.videos,
        bad + other.bad,
        frames + other.frames,
        bytes + other.bytes,
        cost + other.cost);
  }

  /** Per second: {@code 5.0 videos/s, 300 frames/s, 12.3 MB/s read}. */
  String rates(double seconds) {
    double time = Math.max(seconds, 1e-3);
    return "%.1f videos/s, %.0f frames/s, %.1f MB/s read"
        .formatted(videos / time, frames / time, bytes / 1e6 / time);
  }
}
