package vivit.spark.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.shard.ClipColumns;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.VideoList;
import vivit.dataprep.storage.OpenFileSystem;

/** Lists what a shard set holds, without reading frames. */
public final class ClipListing {
  /** The length of a file that nobody has noted. */
  public static final long UNKNOWN = -1;

  private ClipListing() {}

  /** A clip by its video and its number within it. */
  record ListedClip(String video, int view) implements Serializable {}

  /** The clips of a shard, in order. */
  private record ShardClips(List<ListedClip> clips) implements Serializable {}

  /**
   * Ids of all videos, each with the length of its file: from the set's list, or from its shards if
   * it is too old to have one; then the lengths are {@link #UNKNOWN}.
   */
  public static SortedMap<String, Long> videos(JavaSparkContext spark, ShardSet shards)
      throws IOException {
    String sha256 = shards.manifest().videosSha256();
    SortedMap<String, Long> videos = new TreeMap<>();
    if (sha256.isEmpty()) {
      read(spark, shards).forEach(clip -> videos.put(clip.video(), UNKNOWN));
    } else {
      VideoList.read(
              OpenFileSystem.of(shards.folder(), spark.hadoopConfiguration()),
              new Path(shards.folder(), VideoList.FILE_NAME),
              sha256)
          .forEach(video -> videos.put(video.video(), video.bytes()));
    }
    return videos;
  }

  /** Positions of at most {@code views} clips of each video, spread evenly over it; ascending. */
  public static int[] spread(JavaSparkContext spark, ShardSet shards, int views)
      throws IOException {
    return spread(read(spark, shards), views);
  }

  /** Of the V clips of a video, clip {@code floor((i + 1/2) V / n)} for i from 0 to n - 1. */
  static int[] spread(List<ListedClip> clips, int views) {
    Map<String, List<Integer>> positions = new LinkedHashMap<>();
    for (int i = 0; i < clips.size(); i++) {
      positions.computeIfAbsent(clips.get(i).video(), video -> new ArrayList<>()).add(i);
    }
    List<Integer> chosen = new ArrayList<>();
    for (List<Integer> ofVideo : positions.values()) {
      ofVideo.sort(Comparator.comparingInt(position -> clips.get(position).view()));
      int wanted = Math.min(views, ofVideo.size());
      for (long i = 0; i < wanted; i++) {
        chosen.add(ofVideo.get((int) ((2 * i + 1) * ofVideo.size() / (2L * wanted))));
      }
    }
    return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  /** All clips by position. */
  private static List<ListedClip> read(JavaSparkContext spark, ShardSet shards) throws IOException {
    String folder = shards.folder().toString();
    List<Integer> numbers = IntStream.range(0, shards.shards()).boxed().toList();
    spark.setJobDescription("List the clips of " + folder);
    return Tasks.run(
            spark,
            numbers,
            ShardClips.class,
            (shard, hadoop) -> new ShardClips(clips(folder, shard, hadoop)))
        .stream()
        .map(ShardClips::clips)
        .flatMap(Collection::stream)
        .toList();
  }

  private static List<ListedClip> clips(String folder, int shard, Configuration hadoop)
      throws IOException {
    List<ListedClip> clips = new ArrayList<>();
    try (ShardReader reader = ShardSet.open(new Path(folder), hadoop).reader(shard)) {
      for (int clip = 0; clip < reader.clips(); clip++) {
        ClipColumns columns = reader.columns(clip);
        clips.add(new ListedClip(columns.videoId(), columns.view()));
      }
    }
    return clips;
  }
}
