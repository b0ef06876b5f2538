package vivit.dataprep.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;

/** Lists the videos to prepare. */
public final class VideoSource {
  private static final Logger LOG = LoggerFactory.getLogger(VideoSource.class);

  private VideoSource() {}

  /**
   * Lists the videos of a data set, on any file system.
   *
   * @param given heads with the class names of {@code prepare.labels}, if set
   * @throws SourceException with all problems of the data set
   */
  public static SourceVideos read(
      Configuration conf, SourceSettings settings, Optional<LabelHeads> given) throws IOException {
    Path input = new Path(settings.input());
    FileSystem fs = OpenFileSystem.of(input, conf);
    if (!fs.exists(input)) {
      throw new SourceException(
          List.of(
              "%s: no such file or folder; %s"
                  .formatted(
                      MissingPath.name(fs, input),
                      MissingPath.advice(fs, input, "give prepare.input=..."))));
    }
    input = fs.getFileStatus(input).getPath();
    SourceFormat format = format(fs, input, settings);
    if (fs.getFileStatus(input).isDirectory()
        && format != SourceFormat.FOLDERS
        && format != SourceFormat.KINETICS) {
      throw new SourceException(
          List.of(
              "%s: found a folder, expected an annotation file of %s; give the file as prepare.input and the folder as prepare.videos"
                  .formatted(input, format.word())));
    }
    Reading reading = new Reading(conf, settings, input, given, new Problems());
    return switch (format) {
      case FOLDERS -> ClassFolders.read(reading);
      case CSV -> AnnotationCsv.read(reading);
      case KINETICS ->
          fs.getFileStatus(input).isDirectory()
              ? ClassFolders.read(reading)
              : KineticsReader.read(reading);
      case SOMETHING_SOMETHING -> SomethingReader.read(reading);
      case EPIC_KITCHENS -> EpicReader.read(reading);
      case MOMENTS -> MomentsReader.read(reading);
      case AUTO, TFRECORD -> throw new IllegalArgumentException(format.word());
    };
  }

  private static SourceFormat format(FileSystem fs, Path input, SourceSettings settings)
      throws IOException {
    if (settings.format() != SourceFormat.AUTO) {
      return settings.format();
    }
    FormatGuess guess = FormatGuess.of(fs, input, settings.columns());
    LOG.info("{}: taken as {}, since {}", input, guess.format().word(), guess.reason());
    return guess.format();
  }
}
