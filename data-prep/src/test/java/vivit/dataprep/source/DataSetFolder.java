package vivit.dataprep.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.source.Chapters.ChapterRule;

/** A data set in a temporary folder, with files of a few bytes for videos. */
record DataSetFolder(Path root) {
  static final LabelColumns NOUN_VERB =
      new LabelColumns(List.of("noun", "verb"), Labelling.SINGLE_LABEL);

  /** Writes a text file. */
  DataSetFolder text(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /** Writes videos, of as many bytes as their names have. */
  DataSetFolder videos(String... names) throws IOException {
    for (String name : names) {
      text(name, "x".repeat(name.length()));
    }
    return this;
  }

  /** Reads it, telling the format. */
  SourceVideos read(String input) throws IOException {
    return read(input, SourceFormat.AUTO, "", LabelColumns.DEFAULT, Optional.empty());
  }

  /** Reads it with the classes that {@code prepare.labels} gives. */
  SourceVideos read(String input, LabelMap given) throws IOException {
    return read(
        input, SourceFormat.AUTO, "", LabelColumns.DEFAULT, Optional.of(LabelHeads.of(given)));
  }

  SourceVideos read(
      String input,
      SourceFormat format,
      String videos,
      LabelColumns columns,
      Optional<LabelHeads> given)
      throws IOException {
    String folder = videos.isEmpty() ? "" : root.resolve(videos).toString();
    String labels = given.isPresent() ? "the list" : "";
    SourceSettings settings =
        new SourceSettings(
            format,
            root.resolve(input).toString(),
            folder,
            labels,
            columns,
            ChapterRule.JOIN,
            List.of());
    return VideoSource.read(new Configuration(), settings, given);
  }

  /** A video as it should be read, with one class. */
  LabelledVideo video(String id, String name, String label) {
    return new LabelledVideo(id, "", label, TimeSpan.WHOLE).in(path(name), name.length());
  }

  /** The full path of a file. */
  String path(String name) {
    return "file:" + root.resolve(name);
  }
}
