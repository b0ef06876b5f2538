package vivit.dataprep.source;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import vivit.dataprep.clip.TimeSpan;

/**
 * A video, or a part of one, with its classes.
 *
 * @param id names it in the shard set: as its source states it, with {@code #t=start,end} when it
 *     is a part without a name of its own
 * @param path where to read it
 * @param labels per head the names of its classes
 * @param span the part
 * @param record byte offset of the record that holds it, in a file of many; {@link #WHOLE_FILE} for
 *     a file of its own
 * @param size bytes of the file, or of the record; 0 if unknown
 */
public record LabelledVideo(
    String id, String path, List<List<String>> labels, TimeSpan span, long record, long size)
    implements Serializable {
  /** No record: the file is one video. */
  public static final long WHOLE_FILE = -1;

  public LabelledVideo {
    labels = isImmutable(labels) ? labels : List.copyOf(labels.stream().map(List::copyOf).toList());
  }

  /** A video in a file of its own, of unknown size. */
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

  /** Its classes as text: several of one head separated by {@code |}, heads by commas. */
  public String label() {
    return labels.stream().map(names -> String.join("|", names)).collect(Collectors.joining(","));
  }

  /** So that videos of one class share its list. */
  @SuppressWarnings("ReferenceEquality") // copyOf gives what is immutable already
  private static boolean isImmutable(List<List<String>> labels) {
    return List.copyOf(labels) == labels
        && labels.stream().allMatch(names -> List.copyOf(names) == names);
  }
}
