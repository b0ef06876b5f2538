package vivit.spark.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;

/** Looks up the class of every clip of a shard set, without reading pixels: a task per shard. */
final class ClipClasses implements Tasks.Task<Integer, int[]> {
  private static final long serialVersionUID = 1L;

  private final String shards;

  private ClipClasses(String shards) {
    this.shards = shards;
  }

  /**
   * Reads the classes of all clips, by position.
   *
   * @param shards folder of a set with one class per clip
   * @throws vivit.dataprep.shard.CorruptShardException if a label cannot be read
   */
  static int[] read(JavaSparkContext sc, String shards, Manifest manifest) throws IOException {
    List<Integer> all = IntStream.range(0, manifest.shards().size()).boxed().toList();
    return Tasks.run(sc, all, int[].class, new ClipClasses(shards)).stream()
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  @Override
  public int[] run(Integer shard, Configuration hadoop) throws IOException {
    try (ShardReader reader = ShardSet.open(new Path(shards), hadoop).reader(shard)) {
      int[] classes = new int[reader.clips()];
      for (int clip = 0; clip < classes.length; clip++) {
        classes[clip] = reader.columns(clip).labels().ids().get(0).get(0);
      }
      return classes;
    }
  }
}
