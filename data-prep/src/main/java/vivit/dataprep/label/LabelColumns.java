package vivit.dataprep.label;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which columns of an annotation file hold class names, one column per head.
 *
 * @param heads names of the columns, which become those of the heads
 * @param labelling whether a cell holds one name, or any number of them separated by {@code |}
 */
public record LabelColumns(List<String> heads, Labelling labelling) implements Serializable {
  /** One column {@code label} with one class. */
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
          "found a head \"action\" beside others, but this is what two heads say together; choose another name");
    }
  }

  /** Heads over these label maps, in the order of the columns. */
  public LabelHeads with(List<LabelMap> maps) {
    return new LabelHeads(
        IntStream.range(0, heads.size())
            .mapToObj(i -> new LabelHead(heads.get(i), labelling, maps.get(i)))
            .toList());
  }
}
