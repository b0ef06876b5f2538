package vivit.dataprep.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.job.Parcel;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.prepare.Differences;
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
    List<String> problems = new ArrayList<>(set.listProblems());
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
          "Cannot trust %s: it has not as many clips of each class as the manifest says: %s; prepare it again"
              .formatted(folder, differences(manifest, found)));
    }
    return new VerifyReport(folder, manifest, found, problems);
  }

  private static String differences(Manifest manifest, List<Long> found) {
    List<String> differences = new ArrayList<>();
    for (int head = 0; head < manifest.heads().heads().size(); head++) {
      LabelHead one = manifest.heads().heads().get(head);
      for (int id = 0; id < one.classes(); id++) {
        long stated = manifest.clipsPerLabel().get(manifest.heads().offset(head) + id);
        long counted = found.get(manifest.heads().offset(head) + id);
        if (stated != counted) {
          differences.add("%s: %d, not %d".formatted(one.map().name(id), counted, stated));
        }
      }
    }
    return Differences.some(differences, "differ");
  }
}
