package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.MissingVideo;
import vivit.dataprep.source.SourceFormat;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.source.VideoSource;
import vivit.dataprep.tfrecord.ShardNames;

/**
 * What there is to prepare.
 *
 * @param videos those whose files are there; ids are unique over both lists
 * @param missing those that are annotated but have no file, or no record that can be read
 * @param heads classes of the set
 */
record Sources(List<LabelledVideo> videos, List<MissingVideo> missing, LabelHeads heads) {

  /** Lists the records of TFRecord shards, given the label maps that the configuration names. */
  @FunctionalInterface
  interface Records {
    SourceVideos list(Optional<LabelHeads> given) throws IOException;
  }

  /**
   * Asks the reader that knows the input's format.
   *
   * @param records asked if the input is TFRecords
   * @throws vivit.dataprep.source.SourceException naming everything that is wrong with annotations
   *     and labels
   */
  static Sources read(SourceSettings settings, Configuration hadoop, Records records)
      throws IOException {
    LabelSource labels = new LabelSource(settings, hadoop);
    Optional<LabelHeads> given = labels.given();
    SourceVideos source =
        isRecords(settings, hadoop)
            ? records.list(given)
            : VideoSource.read(hadoop, settings, given);
    return new Sources(source.videos(), source.missing(), labels.heads(source, given));
  }

  private static boolean isRecords(SourceSettings settings, Configuration hadoop)
      throws IOException {
    return settings.format() == SourceFormat.TFRECORD
        || (settings.format() == SourceFormat.AUTO
            && ShardNames.areShards(hadoop, settings.input()));
  }
}
