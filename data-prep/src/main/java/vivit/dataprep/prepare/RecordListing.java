package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.text.Figures;
import vivit.dataprep.tfrecord.RecordLabels;
import vivit.dataprep.tfrecord.ShardIndex;
import vivit.dataprep.tfrecord.ShardNames;

/** Lists the records of TFRecord shards: a task per shard, which reads the labels and no frames. */
final class RecordListing {
  private static final Logger LOG = LoggerFactory.getLogger(RecordListing.class);

  private RecordListing() {}

  /**
   * Lists and labels the records of {@code prepare.input}.
   *
   * @throws SourceException if shards are missing or labels are wrong
   */
  static SourceVideos read(JavaSparkContext sc, PrepareConfig config, Optional<LabelHeads> given)
      throws IOException {
    if (config.clip().framesPerSecond() != 0) {
      throw new SourceException(
          List.of(
              "prepare.frames-per-second: found %s, but records hold frames without a rate to resample from; give 0, which takes the frames as they are, and a stride that suits their rate"
                  .formatted(config.clip().framesPerSecond())));
    }
    List<String> shards =
        ShardNames.expand(sc.hadoopConfiguration(), config.input()).stream()
            .map(Path::toString)
            .toList();
    LOG.info("Listing the records of {}", Figures.of(shards.size(), "shard"));
    List<ShardIndex> indices =
        Tasks.run(sc, shards, ShardIndex.class, (shard, hadoop) -> index(new Path(shard), hadoop));
    return new RecordLabels(config.columns(), given, config.records())
        .label(indices, sc.hadoopConfiguration());
  }

  private static ShardIndex index(Path shard, Configuration hadoop) throws IOException {
    return ShardIndex.read(shard.getFileSystem(hadoop), shard);
  }
}
