package vivit.dataprep.source;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
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
 * @param size bytes of the file, or of the record; 0 if unknown
 */
public record LabelledVideo(
    String id, String path, List<List<String>> labels, TimeSpan span, long record, long size)
    implements Serializable {
  /** Value of {@link #record} for a file that is one video. */
  public static final long WHOLE_FILE = -1;

  public LabelledVideo {
    labels = isImmutable(labels) ? labels : List.copyOf(labels.stream().map(List::copyOf).toList());
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
    return new LabelledVideo(id, file, labels, span, record, bytes);
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
