package vivit.dataprep.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Lists the videos to prepare. */
public final class VideoSource {
  private VideoSource() {}

  /**
   * Lists the videos of a data set, on any file system.
   *
   * @param given heads whose class names {@code prepare.labels} states, if it does
   * @throws SourceException naming everything that is wrong with it
   */
  public static SourceVideos read(
      Configuration conf, SourceSettings settings, Optional<LabelHeads> given) throws IOException {
    Path input = new Path(settings.input());
    LabelColumns columns = settings.columns();
    FileSystem fs = input.getFileSystem(conf);
    if (!fs.exists(input)) {
      throw new SourceException(
          List.of(input + ": no such file or folder; give prepare.input=..."));
    }
    if (!fs.getFileStatus(input).isDirectory()) {
      return SourceVideos.of(AnnotationCsv.read(fs, input, columns));
    }
    if (columns.heads().size() > 1) {
      throw new SourceException(
          List.of(
              input
                  + ": a folder of class folders gives one class per video, but prepare.heads lists"
                  + " "
                  + columns.heads()
                  + "; give a CSV file with these columns"));
    }
    return SourceVideos.of(ClassFolders.read(fs, input));
  }
}
