package vivit.dataprep.label;

import java.io.Serializable;
import java.util.List;

/**
 * The classes of one clip.
 *
 * @param heads the clip's classes per head, ascending by id; exactly one if the head is
 *     single-label
 */
public record ClipLabels(List<List<Label>> heads) implements Serializable {
  /** Labels of an unlabelled clip. */
  public static final ClipLabels NONE = new ClipLabels(List.of());

  /** A class: its index in the head's label map, and its name. */
  public record Label(int id, String name) implements Serializable {}

  public ClipLabels {
    heads = heads.stream().map(List::copyOf).toList();
  }

  /** Creates the labels of a clip with one class of a single head. */
  public static ClipLabels of(int id, String name) {
    return new ClipLabels(List.of(List.of(new Label(id, name))));
  }

  /** Ids per head. */
  public List<List<Integer>> ids() {
    return heads.stream().map(labels -> labels.stream().map(Label::id).toList()).toList();
  }
}
