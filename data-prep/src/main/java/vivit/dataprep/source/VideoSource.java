package vivit.dataprep.source;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Lists the videos to prepare. */
public final class VideoSource {
  private VideoSource() {}

  /**
   * Lists the videos of a folder with a folder per class, or of a CSV file, on any file system.
   *
   * @throws SourceException naming everything that is wrong with it
   */
  public static List<LabelledVideo> read(Configuration conf, Path input) throws IOException {
    FileSystem fs = input.getFileSystem(conf);
    if (!fs.exists(input)) {
      throw new SourceException(
          List.of(input + ": no such file or folder; give prepare.input=..."));
    }
    return fs.getFileStatus(input).isDirectory()
        ? ClassFolders.read(fs, input)
        : AnnotationCsv.read(fs, input);
  }
}
