package vivit.dataprep;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.source.LabelHeads;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.MissingVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceFormat;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.source.VideoSource;

/**
 * What there is to prepare.
 *
 * @param videos those whose files are there; ids are unique over both lists
 * @param missing those that are annotated but have no file
 * @param heads classes of the set
 */
record Sources(List<LabelledVideo> videos, List<MissingVideo> missing, LabelHeads heads) {

  /**
   * Asks the reader that knows the input's format.
   *
   * @throws SourceException naming everything that is wrong with annotations and labels
   */
  static Sources read(SourceSettings settings, Configuration hadoop) throws IOException {
    LabelSource labels = new LabelSource(settings, hadoop);
    Optional<LabelHeads> given = labels.given();
    SourceVideos source = list(settings, given, hadoop);
    return new Sources(source.videos(), source.missing(), labels.heads(source, given));
  }

  private static SourceVideos list(
      SourceSettings settings, Optional<LabelHeads> given, Configuration hadoop)
      throws IOException {
    if (settings.format() == SourceFormat.TFRECORD) {
      throw new SourceException(List.of(settings.input() + ": cannot read TFRecords yet"));
    }
    return VideoSource.read(hadoop, settings, given);
  }
}
