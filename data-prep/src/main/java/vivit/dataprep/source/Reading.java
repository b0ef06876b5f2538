package vivit.dataprep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Figures;

/**
 * One reading of a data set: the input of a reader, and the problems found so far.
 *
 * @param conf Hadoop configuration of the file systems
 * @param settings of the user
 * @param input annotation file or folder, with its file system
 * @param given heads with the class names of {@code prepare.labels}
 * @param problems found so far
 */
record Reading(
    Configuration conf,
    SourceSettings settings,
    Path input,
    Optional<LabelHeads> given,
    Problems problems) {
  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

  FileSystem fs() throws IOException {
    return OpenFileSystem.of(input, conf);
  }

  LabelColumns columns() {
    return settings.columns();
  }

  String text() throws IOException {
    return AnnotationText.read(fs(), input);
  }

  /** The map of a head according to {@code prepare.labels}. */
  Optional<LabelMap> given(int head) {
    return given.map(heads -> heads.get(head).map());
  }

  /** Lists the videos of {@code prepare.videos}, or of the first of some folders that has any. */
  VideoFiles files(List<Path> usual) throws IOException {
    if (!settings.videos().isEmpty()) {
      Path folder = new Path(settings.videos());
      FileSystem fs = OpenFileSystem.of(folder, conf);
      if (!fs.exists(folder) || !fs.getFileStatus(folder).isDirectory()) {
        throw wrong(
            "%s: no such folder; %s"
                .formatted(
                    MissingPath.name(fs, folder),
                    MissingPath.advice(fs, folder, "correct prepare.videos")));
      }
      return VideoFiles.list(fs, fs.getFileStatus(folder).getPath());
    }
    List<Path> looked = new ArrayList<>();
    for (Path folder : usual) {
      if (fs().exists(folder) && fs().getFileStatus(folder).isDirectory()) {
        VideoFiles files = VideoFiles.list(fs(), folder);
        if (files.size() > 0) {
          LOG.info(
              "{}: its videos are taken from {}, {}",
              input,
              folder,
              Figures.of(files.size(), "file"));
          return files;
        }
      }
      looked.add(folder);
    }
    throw wrong(
        "%s: found no videos in the usual folders, %s; give prepare.videos=..."
            .formatted(
                input, looked.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }

  /**
   * The classes of a data set with one head.
   *
   * @param map the data set's own list, if it exists
   * @param names class names of that list, or of {@code prepare.labels}
   */
  record Classes(Optional<LabelMap> map, ClassNames names) {}

  /** Reads the classes from the first of these files that exists. */
  Classes classes(List<Path> lists) throws IOException {
    Optional<Path> file = firstOf(lists);
    if (file.isEmpty()) {
      return new Classes(Optional.empty(), new ClassNames(given(0), settings.labels()));
    }
    Optional<LabelMap> map = Optional.of(ClassList.read(fs(), file.get()));
    return new Classes(map, new ClassNames(map, file.get().toString()));
  }

  /** The first of these files that exists. */
  Optional<Path> firstOf(List<Path> files) throws IOException {
    for (Path file : files) {
      if (fs().exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Refuses more than one head. */
  void requireHeads(String dataSet) throws SourceException {
    if (columns().heads().size() > 1) {
      throw wrong(
          "%s: %s has one class per video, but prepare.heads lists %s; leave it at [label]"
              .formatted(input, dataSet, columns().heads()));
    }
  }

  /** Creates an exception with a single problem. */
  SourceException wrong(String problem) {
    return new SourceException(List.of(problem));
  }
}
