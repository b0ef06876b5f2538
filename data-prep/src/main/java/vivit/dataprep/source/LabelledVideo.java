package vivit.dataprep.source;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A video, or a part of one, with its classes.
 *
 * @param id names it in the shard set: its path as the source states it, with {@code #t=start,end}
 *     when it is a part
 * @param path where to read it
 * @param labels per head the names of its classes
 * @param span the part
 */
public record LabelledVideo(String id, String path, List<List<String>> labels, TimeSpan span)
    implements Serializable {

  public LabelledVideo {
    labels = labels.stream().map(List::copyOf).toList();
  }

  /** With one class of the only head. */
  public LabelledVideo(String id, String path, String label, TimeSpan span) {
    this(id, path, List.of(List.of(label)), span);
  }

  /** Its classes as text: several of one head separated by {@code |}, heads by commas. */
  public String label() {
    return labels.stream().map(names -> String.join("|", names)).collect(Collectors.joining(","));
  }
}
