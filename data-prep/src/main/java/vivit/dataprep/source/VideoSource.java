package vivit.dataprep.source;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Lists the videos to prepare. */
public final class VideoSource {
  private VideoSource() {}

  /** Lists videos with one class each. */
  public static List<LabelledVideo> read(Configuration conf, Path input) throws IOException {
    return read(conf, input, LabelColumns.DEFAULT);
  }

  /**
   * Lists the videos of a folder with a folder per class, or of a CSV file, on any file system.
   *
   * @param columns the columns of class names; a folder of class folders gives one head only
   * @throws SourceException naming everything that is wrong with it
   */
  public static List<LabelledVideo> read(Configuration conf, Path input, LabelColumns columns)
      throws IOException {
    FileSystem fs = input.getFileSystem(conf);
    if (!fs.exists(input)) {
      throw new SourceException(
          List.of(input + ": no such file or folder; give prepare.input=..."));
    }
    if (!fs.getFileStatus(input).isDirectory()) {
      return AnnotationCsv.read(fs, input, columns);
    }
    if (columns.heads().size() > 1) {
      throw new SourceException(
          List.of(
              input
                  + ": a folder of class folders gives one class per video, but prepare.heads lists "
                  + columns.heads()
                  + "; give a CSV file with these columns"));
    }
    return ClassFolders.read(fs, input);
  }
}
