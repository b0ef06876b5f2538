package vivit.dataprep.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.source.SourceVideos.MissingVideo;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/**
 * Collects annotated videos. A video that is listed again with the same classes is taken once and
 * counted; with other classes it is a problem.
 */
final class AnnotatedVideos {
  private static final Logger LOG = LoggerFactory.getLogger(AnnotatedVideos.class);

  private final Path file;
  private final Problems problems;
  private final List<LabelledVideo> videos = new ArrayList<>();
  private final List<MissingVideo> missing = new ArrayList<>();
  private final Map<String, Earlier> listed = new HashMap<>();
  private int repeated;
  private boolean tooMany;
  private String example = "";

  private record Earlier(int line, List<List<String>> labels) {}

  AnnotatedVideos(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Whether the id is new; a repeated id is counted or becomes a problem. */
  boolean isNew(int line, LabelledVideo video) {
    if (listed.size() >= WholeFile.mostRows()) {
      if (tooMany) {
        return false;
      }
      tooMany = true;
      problems.add(
          Problems.ProblemKind.FILE,
          file,
          line,
          new OversizedFileException("more than %d videos".formatted(listed.size()), listed.size())
              .getMessage());
      return false;
    }
    Earlier earlier =
        listed.putIfAbsent(AnnotationText.composed(video.id()), new Earlier(line, video.labels()));
    if (earlier == null) {
      return true;
    }
    if (earlier.labels.equals(video.labels())) {
      if (repeated++ == 0) {
        example = "\"%s\" in lines %d and %d".formatted(video.id(), earlier.line, line);
      }
    } else {
      problems.add(
          Problems.ProblemKind.DUPLICATE,
          file,
          line,
          "\"%s\" is %s here, but %s in line %d"
              .formatted(video.id(), quoted(video.labels()), quoted(earlier.labels), earlier.line));
    }
    return false;
  }

  /** Adds a video with a file. */
  void add(LabelledVideo video) {
    videos.add(video);
  }

  /**
   * Adds a video whose file is found by its name.
   *
   * @param folder preferred folder if several files have the name
   */
  void add(LabelledVideo video, VideoFiles files, String name, String folder) {
    files
        .find(name, folder)
        .ifPresentOrElse(
            found -> add(video.in(files.path(found).toString(), found.size())),
            () -> addMissing(video, "no file " + name + " under " + files.root()));
  }

  /** Adds a video without a file. */
  void addMissing(LabelledVideo video, String cause) {
    missing.add(new MissingVideo(video, BadKind.MISSING, cause));
  }

  /**
   * Returns all videos.
   *
   * @throws SourceException if anything was wrong, or no video has a file
   */
  SourceVideos finish(Optional<List<LabelMap>> official) throws SourceException {
    problems.check();
    if (repeated > 0) {
      LOG.warn(
          "{}: {} like an earlier one, such as {}",
          file,
          Figures.of(repeated, "row"),
          Visible.text(example));
    }
    if (videos.isEmpty()) {
      throw new SourceException(
          List.of(
              missing.isEmpty()
                  ? file + ": it lists no videos"
                  : "%s: none of %s exists, such as %s: %s; give prepare.videos=..."
                      .formatted(
                          file,
                          Figures.of(missing.size(), "video"),
                          missing.get(0).video().id(),
                          missing.get(0).cause())));
    }
    if (!missing.isEmpty()) {
      LOG.warn(
          "{}: {} of {} videos have no file, such as {}: {}",
          file,
          missing.size(),
          missing.size() + videos.size(),
          Visible.text(missing.get(0).video().id()),
          Visible.text(missing.get(0).cause()));
    }
    return new SourceVideos(videos, missing, official);
  }

  private static String quoted(List<List<String>> labels) {
    StringBuilder text = new StringBuilder();
    for (List<String> names : labels) {
      text.append(text.isEmpty() ? "\"" : ", \"").append(String.join("|", names)).append('"');
    }
    return text.toString();
  }
}
