package vivit.dataprep.source;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import vivit.dataprep.label.LabelMap;

/**
 * What a data set's annotations say.
 *
 * @param videos those whose files are there, in the order of the annotations; ids are unique over
 *     both lists
 * @param missing those whose files are not, and records that cannot be read
 * @param official the data set's own class list of every head, where it was found
 */
public record SourceVideos(
    List<LabelledVideo> videos, List<MissingVideo> missing, Optional<List<LabelMap>> official) {

  public SourceVideos {
    videos = List.copyOf(videos);
    missing = List.copyOf(missing);
    official = official.map(List::copyOf);
  }

  /** All files are there, and there is no official list of classes. */
  public static SourceVideos of(List<LabelledVideo> videos) {
    return new SourceVideos(videos, List.of(), Optional.empty());
  }

  /** All that is annotated, with a file or without. */
  public Stream<LabelledVideo> annotated() {
    return Stream.concat(videos.stream(), missing.stream().map(MissingVideo::video));
  }
}
