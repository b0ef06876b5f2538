package vivit.dataprep.prepare;

/**
 * What a plan depends on beside the videos.
 *
 * @param videosPerShard the most of one shard
 * @param shards at least so many, as long as each has sixteen videos: small sets, too, are to keep
 *     many cores busy
 * @param clips of a video
 * @param clipBytes of a clip, about
 * @param seed of the order
 */
public record PlanSettings(int videosPerShard, int shards, int clips, long clipBytes, long seed) {
  private static final int LEAST_VIDEOS = 16;
  private static final int MOST_OF_A_FILE = 4;

  /** Shards of so many videos. */
  int shards(int videos) {
    int bySize = (videos + videosPerShard - 1) / videosPerShard;
    return Math.max(bySize, Math.min(shards, videos / LEAST_VIDEOS));
  }

  /** Parts of one file that share a shard, at most: each file is opened once for so many. */
  int groupSize() {
    return Math.max(1, Math.min(MOST_OF_A_FILE, videosPerShard / 8));
  }
}
