package vivit.dataprep.verify;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.ShardVerifier;
import vivit.dataprep.text.Lists;

/** Re-reads a shard set, one Spark task per shard. */
public final class VerifyJob {
  private VerifyJob() {}

  /**
   * Verifies every shard and continues after a bad one.
   *
   * @throws CorruptShardException if there is no readable manifest
   */
  public static VerifyReport run(JavaSparkContext sc, Path folder) throws IOException {
    ShardSet set = ShardSet.open(folder, sc.hadoopConfiguration());
    Manifest manifest = set.manifest();
    long[] clipsPerLabel = new long[manifest.heads().classes()];
    List<String> problems = new ArrayList<>(set.listProblems());
    String path = folder.toString();
    List<Integer> shards = IntStream.range(0, set.shards()).boxed().toList();
    Tasks.Task<Integer, ShardFinding> task = (shard, hadoop) -> verify(path, shard, hadoop);
    for (ShardFinding finding : Tasks.run(sc, shards, ShardFinding.class, task)) {
      if (finding.problem().isEmpty()) {
        Arrays.setAll(clipsPerLabel, i -> clipsPerLabel[i] + finding.clipsPerLabel()[i]);
      } else {
        problems.add(finding.problem());
      }
    }
    List<Long> found = Arrays.stream(clipsPerLabel).boxed().toList();
    if (problems.isEmpty() && !found.equals(manifest.clipsPerLabel())) {
      problems.add(
          "Cannot trust %s: its clips per class differ from the manifest: %s; prepare it again"
              .formatted(folder, differences(manifest, found)));
    }
    return new VerifyReport(folder, manifest, found, problems);
  }

  /**
   * The result of verifying one shard.
   *
   * @param clipsPerLabel by label id, one head after the other, for a good shard
   * @param problem in one sentence; empty for a good shard
   */
  private record ShardFinding(long[] clipsPerLabel, String problem) implements Serializable {}

  private static ShardFinding verify(String folder, int shard, Configuration hadoop)
      throws IOException {
    ShardSet set = ShardSet.open(new Path(folder), hadoop);
    try {
      return new ShardFinding(new ShardVerifier(set).verify(shard), "");
    } catch (CorruptShardException e) {
      return new ShardFinding(new long[0], e.getMessage());
    }
  }

  private static String differences(Manifest manifest, List<Long> found) {
    List<String> differences = new ArrayList<>();
    for (int head = 0; head < manifest.heads().count(); head++) {
      LabelHead one = manifest.heads().get(head);
      for (int id = 0; id < one.classes(); id++) {
        long stated = manifest.clipsPerLabel().get(manifest.heads().offset(head) + id);
        long counted = found.get(manifest.heads().offset(head) + id);
        if (stated != counted) {
          differences.add("%s: %d, not %d".formatted(one.map().name(id), counted, stated));
        }
      }
    }
    return Lists.some(differences, "differ");
  }
}
