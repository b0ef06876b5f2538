package vivit.dataprep.label;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Everything that clips are classified by, in the order of the model's heads.
 *
 * <p>Where classes of all heads stand in one row, those of the first head come first: class {@code
 * k} of head {@code h} is number {@code offset(h) + k}.
 *
 * @param heads at least one, with different names
 */
public record LabelHeads(List<LabelHead> heads) implements Serializable {

  public LabelHeads {
    heads = List.copyOf(heads);
    Set<String> names = new HashSet<>();
    for (LabelHead head : heads) {
      if (!names.add(head.name())) {
        throw new IllegalArgumentException("two heads are called \"" + head.name() + "\"");
      }
    }
    if (heads.isEmpty()) {
      throw new IllegalArgumentException("found no head, expected at least one");
    }
  }

  /** One head called {@code label}, one class per clip. */
  public static LabelHeads of(LabelMap map) {
    return new LabelHeads(
        List.of(new LabelHead(LabelHead.DEFAULT_NAME, Labelling.SINGLE_LABEL, map)));
  }

  /** Whether it is one head called {@code label} with one class per clip. */
  public boolean isDefault() {
    LabelHead first = heads.get(0);
    return heads.size() == 1
        && first.name().equals(LabelHead.DEFAULT_NAME)
        && first.labelling() == Labelling.SINGLE_LABEL;
  }

  /** Class names of all heads, one head after the other. */
  public List<String> classNames() {
    return heads.stream().flatMap(head -> head.map().names().stream()).toList();
  }

  /** Number of the first class of a head in a row of all heads' classes. */
  public int offset(int head) {
    return heads.subList(0, head).stream().mapToInt(LabelHead::classes).sum();
  }

  /** Classes of all heads. */
  public int classes() {
    return offset(heads.size());
  }

  /**
   * The classes of a clip, ascending by id.
   *
   * @param names per head, the names of its classes
   * @throws IllegalArgumentException if a name is not in the head's map
   */
  public ClipLabels labels(List<List<String>> names) {
    List<List<ClipLabels.Label>> labels = new ArrayList<>();
    for (int head = 0; head < heads.size(); head++) {
      LabelMap map = heads.get(head).map();
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
      return heads.get(0).map().hash();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (LabelHead head : heads) {
        String line = head.name() + ' ' + head.labelling().word() + ' ' + head.map().hash() + '\n';
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
