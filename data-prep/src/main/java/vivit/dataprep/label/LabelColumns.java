package vivit.dataprep.label;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The columns of an annotation file that hold class names, one column per head.
 *
 * @param heads names of the columns and of the heads
 * @param labelling whether a cell holds one name, or any number of them separated by {@code |}
 */
public record LabelColumns(List<String> heads, Labelling labelling) implements Serializable {
  /** A single column {@code label} with one class per cell. */
  public static final LabelColumns DEFAULT =
      new LabelColumns(List.of(LabelHead.DEFAULT_NAME), Labelling.SINGLE_LABEL);

  private static final String PAIR = "action";

  public LabelColumns {
    heads = List.copyOf(heads);
    if (heads.isEmpty()) {
      throw new IllegalArgumentException("found no head, expected at least one, such as [label]");
    }
    heads.forEach(LabelHead::requireName);
    if (heads.stream().distinct().count() < heads.size()) {
      throw new IllegalArgumentException("found a head twice in " + heads);
    }
    if (heads.size() > 1 && heads.contains(PAIR)) {
      throw new IllegalArgumentException(
          "found a head \"action\" among others, but that name is reserved for the combination of two heads; choose another name");
    }
  }

  /** Creates heads with these label maps, in the order of the columns. */
  public LabelHeads with(List<LabelMap> maps) {
    return new LabelHeads(
        IntStream.range(0, heads.size())
            .mapToObj(i -> new LabelHead(heads.get(i), labelling, maps.get(i)))
            .toList());
  }
}
