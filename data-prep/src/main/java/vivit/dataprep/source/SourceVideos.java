package vivit.dataprep.source;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.label.LabelMap;

/**
 * The annotated videos of a data set.
 *
 * @param videos videos with files, in the order of the annotations; ids are unique over both lists
 * @param missing videos without files, and records that cannot be read
 * @param official the data set's own class list of every head, if there is one
 */
public record SourceVideos(
    List<LabelledVideo> videos, List<MissingVideo> missing, Optional<List<LabelMap>> official) {

  /**
   * An annotated video, or part of one, without a file, or a record that cannot be read.
   *
   * @param video its id, classes and part; the path is the first expected location
   * @param kind the problem in one word
   * @param cause the places searched, or the reason why it cannot be read
   */
  public record MissingVideo(LabelledVideo video, BadKind kind, String cause)
      implements Serializable {}

  public SourceVideos {
    videos = List.copyOf(videos);
    missing = List.copyOf(missing);
    official = official.map(List::copyOf);
  }

  /** Videos that all have files, without an official list of classes. */
  public static SourceVideos of(List<LabelledVideo> videos) {
    return new SourceVideos(videos, List.of(), Optional.empty());
  }

  /** All annotated videos, with a file or without. */
  public Stream<LabelledVideo> annotated() {
    return Stream.concat(videos.stream(), missing.stream().map(MissingVideo::video));
  }
}
