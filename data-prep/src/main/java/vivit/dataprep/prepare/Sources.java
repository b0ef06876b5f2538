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
import vivit.dataprep.source.Chapters;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceFormat;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.source.SourceVideos.MissingVideo;
import vivit.dataprep.source.VideoSource;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Figures;
import vivit.dataprep.tfrecord.RecordIndex;
import vivit.dataprep.tfrecord.RecordLabels;
import vivit.dataprep.tfrecord.ShardNames;

/**
 * The videos to prepare.
 *
 * @param videos those whose files exist; ids are unique over both lists
 * @param missing annotated videos without a file, and records that cannot be read
 * @param heads classes of the set
 */
record Sources(List<LabelledVideo> videos, List<MissingVideo> missing, LabelHeads heads) {

  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

  /** Lists the records of TFRecord shards, given the label maps that the configuration names. */
  @FunctionalInterface
  interface Records {
    SourceVideos list(Optional<LabelHeads> given) throws IOException;
  }

  /** Reads the input; records of TFRecord shards are listed by one task per shard. */
  static Sources read(JavaSparkContext sc, PrepareConfig config) throws IOException {
    return read(config.source(), sc.hadoopConfiguration(), given -> records(sc, config, given));
  }

  /**
   * Reads the input with the reader for its format.
   *
   * @param records used if the input is TFRecords
   * @throws vivit.dataprep.source.SourceException with all problems of annotations and labels
   */
  static Sources read(SourceSettings settings, Configuration hadoop, Records records)
      throws IOException {
    LabelSource labels = new LabelSource(settings, hadoop);
    Optional<LabelHeads> given = labels.given();
    SourceVideos source =
        isRecords(settings, hadoop)
            ? records.list(given)
            : VideoSource.read(hadoop, settings, given);
    Chapters.advice(source.videos().stream().map(LabelledVideo::path).toList())
        .ifPresent(LOG::warn);
    return new Sources(source.videos(), source.missing(), labels.heads(source, given));
  }

  private static boolean isRecords(SourceSettings settings, Configuration hadoop)
      throws IOException {
    return settings.format() == SourceFormat.TFRECORD
        || (settings.format() == SourceFormat.AUTO
            && ShardNames.areShards(hadoop, settings.input()));
  }

  /**
   * Lists and labels the records of {@code prepare.input}; their frames are not read.
   *
   * @throws SourceException if shards are missing or labels are wrong
   */
  private static SourceVideos records(
      JavaSparkContext sc, PrepareConfig config, Optional<LabelHeads> given) throws IOException {
    if (config.clip().framesPerSecond() != 0) {
      throw new SourceException(
          List.of(
              "prepare.frames-per-second: found %s, but records hold frames without a rate to resample from; give 0, which takes the frames as they are, and a stride that suits their rate"
                  .formatted(config.clip().framesPerSecond())));
    }
    List<String> shards =
        ShardNames.expand(sc.hadoopConfiguration(), config.source()).stream()
            .map(Path::toString)
            .toList();
    LOG.info("Listing the records of {}", Figures.of(shards.size(), "shard"));
    int most = config.records().maxRecords();
    List<RecordIndex> indices =
        Tasks.run(
            sc, shards, RecordIndex.class, (shard, hadoop) -> index(new Path(shard), hadoop, most));
    return new RecordLabels(config.columns(), given, config.records())
        .label(indices, sc.hadoopConfiguration());
  }

  private static RecordIndex index(Path shard, Configuration hadoop, int most) throws IOException {
    return RecordIndex.read(OpenFileSystem.of(shard, hadoop), shard, most);
  }
}
