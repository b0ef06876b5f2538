package vivit.dataprep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;

/** Re-reads a shard set, one Spark task per shard. */
public final class VerifyJob {
  private VerifyJob() {}

  /**
   * Verifies every shard, also after the first bad one.
   *
   * @throws CorruptShardException if there is no readable manifest
   */
  public static VerifyReport run(JavaSparkContext sc, Path folder) throws IOException {
    ShardSet set = ShardSet.open(folder, sc.hadoopConfiguration());
    Manifest manifest = set.manifest();
    long[] clipsPerLabel = new long[manifest.heads().classes()];
    List<String> problems = new ArrayList<>();
    if (set.shards() > 0) {
      List<Integer> shards = IntStream.range(0, set.shards()).boxed().toList();
      VerifyTask task = new VerifyTask(folder.toString(), sc.hadoopConfiguration());
      for (byte[] parcel :
          sc.parallelize(new ArrayList<>(shards), shards.size()).map(task).collect()) {
        VerifyResult result = Parcel.unpack(parcel, VerifyResult.class);
        if (result.problem().isEmpty()) {
          Arrays.setAll(clipsPerLabel, i -> clipsPerLabel[i] + result.clipsPerLabel()[i]);
        } else {
          problems.add(result.problem());
        }
      }
    }
    List<Long> found = Arrays.stream(clipsPerLabel).boxed().toList();
    if (problems.isEmpty() && !found.equals(manifest.clipsPerLabel())) {
      problems.add(
          "Cannot trust %s: found clips per label %s, the manifest says %s"
              .formatted(folder, found, manifest.clipsPerLabel()));
    }
    return new VerifyReport(folder, manifest, found, problems);
  }
}
