package vivit.dataprep.label;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import vivit.dataprep.storage.Sha256;

/**
 * The classification heads of a shard set, in the order of the model's heads.
 *
 * <p>If the classes of all heads form one row, the classes of the first head come first: class
 * {@code k} of head {@code h} is number {@code offset(h) + k}.
 *
 * @param list at least one head, with different names
 */
public record LabelHeads(List<LabelHead> list) implements Iterable<LabelHead>, Serializable {

  public LabelHeads {
    list = List.copyOf(list);
    Set<String> names = new HashSet<>();
    for (LabelHead head : list) {
      if (!names.add(head.name())) {
        throw new IllegalArgumentException("two heads are called \"" + head.name() + "\"");
      }
    }
    if (list.isEmpty()) {
      throw new IllegalArgumentException("found no head, expected at least one");
    }
  }

  /** Creates a single head called {@code label}, with one class per clip. */
  public static LabelHeads of(LabelMap map) {
    return new LabelHeads(
        List.of(new LabelHead(LabelHead.DEFAULT_NAME, Labelling.SINGLE_LABEL, map)));
  }

  /** Number of heads. */
  public int count() {
    return list.size();
  }

  /** The head at an index, from 0. */
  public LabelHead get(int head) {
    return list.get(head);
  }

  /** Names of the heads, in order. */
  public List<String> names() {
    return list.stream().map(LabelHead::name).toList();
  }

  @Override
  public Iterator<LabelHead> iterator() {
    return list.iterator();
  }

  /** Whether the only head is called {@code label} and has one class per clip. */
  public boolean isDefault() {
    LabelHead first = list.get(0);
    return list.size() == 1
        && first.name().equals(LabelHead.DEFAULT_NAME)
        && first.labelling() == Labelling.SINGLE_LABEL;
  }

  /** Class names of all heads, one head after the other. */
  public List<String> classNames() {
    return list.stream().flatMap(head -> head.map().names().stream()).toList();
  }

  /** Number of the first class of a head in a row of all heads' classes. */
  public int offset(int head) {
    return list.subList(0, head).stream().mapToInt(LabelHead::classes).sum();
  }

  /** Number of classes of all heads together. */
  public int classes() {
    return offset(list.size());
  }

  /**
   * The classes of a clip, ascending by id.
   *
   * @param names per head, the names of its classes
   * @throws IllegalArgumentException if a name is not in the head's map
   */
  public ClipLabels labels(List<List<String>> names) {
    List<List<ClipLabels.Label>> labels = new ArrayList<>();
    for (int head = 0; head < list.size(); head++) {
      LabelMap map = list.get(head).map();
      labels.add(
          names.get(head).stream()
              .mapToInt(
                  name ->
                      map.id(name)
                          .orElseThrow(
                              () ->
                                  new IllegalArgumentException(
                                      "the label \"" + name + "\" is not in the label map")))
              .sorted()
              .mapToObj(id -> new ClipLabels.Label(id, map.name(id)))
              .toList());
    }
    return new ClipLabels(labels);
  }

  /** {@link LabelMap#hash} of the default head; otherwise over names, labellings and maps. */
  public String hash() {
    if (isDefault()) {
      return list.get(0).map().hash();
    }
    StringBuilder lines = new StringBuilder();
    for (LabelHead head : list) {
      lines.append(head.name() + ' ' + head.labelling().word() + ' ' + head.map().hash() + '\n');
    }
    return Sha256.of(lines.toString());
  }
}
