package vivit.dataprep.source;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import vivit.dataprep.clip.TimeSpan;

/**
 * A video, or a part of one, with its classes.
 *
 * @param id its name in the shard set: the name from the source, followed by {@code #t=start,end}
 *     for a part without its own name
 * @param path of the file
 * @param labels names of its classes per head
 * @param span the part of the file's video
 * @param record byte offset of its record in a file of records; {@link #WHOLE_FILE} if the file is
 *     the video
 * @param size bytes of the file and of those that continue it, or of the record; 0 if unknown
 * @param chapters the other files of its recording, in order, which continue the file
 */
public record LabelledVideo(
    String id,
    String path,
    List<List<String>> labels,
    TimeSpan span,
    long record,
    long size,
    List<String> chapters)
    implements Serializable {
  /** Value of {@link #record} for a file that is one video. */
  public static final long WHOLE_FILE = -1;

  public LabelledVideo {
    labels = isImmutable(labels) ? labels : List.copyOf(labels.stream().map(List::copyOf).toList());
    chapters = List.copyOf(chapters);
  }

  /** A video in one file. */
  public LabelledVideo(
      String id, String path, List<List<String>> labels, TimeSpan span, long record, long size) {
    this(id, path, labels, span, record, size, List.of());
  }

  /** A video in its own file, of unknown size. */
  public LabelledVideo(String id, String path, List<List<String>> labels, TimeSpan span) {
    this(id, path, labels, span, WHOLE_FILE, 0);
  }

  /** A video with one class of the only head. */
  public LabelledVideo(String id, String path, String label, TimeSpan span) {
    this(id, path, List.of(List.of(label)), span);
  }

  /** The same video in another file. */
  public LabelledVideo in(String file, long bytes) {
    return new LabelledVideo(id, file, labels, span, record, bytes, chapters);
  }

  /** The same video with files that continue its own, so that all have this many bytes. */
  LabelledVideo continuedBy(List<String> files, long bytes) {
    return new LabelledVideo(id, path, labels, span, record, bytes, files);
  }

  /** Paths of all files of the video, in order. */
  public List<String> files() {
    return Stream.concat(Stream.of(path), chapters.stream()).toList();
  }

  /** The classes as text: classes of one head separated by {@code |}, heads by commas. */
  public String label() {
    return labels.stream().map(names -> String.join("|", names)).collect(Collectors.joining(","));
  }

  /** Whether a list can be shared by all videos of a class without a copy. */
  @SuppressWarnings("ReferenceEquality") // copyOf returns immutable lists unchanged
  private static boolean isImmutable(List<List<String>> labels) {
    return List.copyOf(labels) == labels
        && labels.stream().allMatch(names -> List.copyOf(names) == names);
  }
}
