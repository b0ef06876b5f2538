package vivit.spark.input;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.ClipLabels.Label;
import vivit.dataprep.label.Directions;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;

/**
 * Determines the classes of mirrored clips.
 *
 * <p>A class distinguishes left from right if its name says so ({@link Directions}); its opposite
 * is the class of the same head whose name has the two words exchanged.
 *
 * @param direction treatment of such classes
 * @param heads of the shard set
 */
public record Mirroring(FlipDirection direction, LabelHeads heads) implements Serializable {

  /** Treatment of a clip drawn for mirroring whose classes distinguish left from right. */
  public enum FlipDirection {
    /** The clip is mirrored and keeps its label, as in the original code. */
    MIRROR,
    /** The clip is not mirrored. */
    SKIP,
    /** The clip is mirrored and gets the label of the opposite class. */
    SWAP
  }

  /** Refuses to swap if a class has no opposite. */
  public Mirroring {
    List<String> alone = withoutOpposite(heads);
    if (direction == FlipDirection.SWAP && !alone.isEmpty()) {
      throw new IllegalArgumentException("no opposite class of " + String.join(", ", alone));
    }
  }

  /** Names of the classes that distinguish left from right and have no opposite. */
  public static List<String> withoutOpposite(LabelHeads heads) {
    List<String> alone = new ArrayList<>();
    for (LabelHead head : heads) {
      for (String name : head.map().names()) {
        if (head.map().id(Directions.exchanged(name)).isEmpty()) {
          alone.add(name);
        }
      }
    }
    return alone;
  }

  /**
   * What a log should say of the classes that distinguish left from right; empty if there are none.
   */
  public String summary() {
    String found = Directions.summary(heads);
    if (found.isEmpty()) {
      return "";
    }
    return found
        + switch (direction) {
          case SKIP -> ": their clips are not mirrored (train.flip-direction=skip)";
          case SWAP -> ": their mirrored clips get the opposite class (train.flip-direction=swap)";
          case MIRROR ->
              ": their mirrored clips keep the label, which is wrong for them"
                  + " (train.flip-direction=mirror; use skip or swap)";
        };
  }

  /** Whether a clip of these classes may be mirrored. */
  boolean allowed(ClipLabels labels) {
    return direction != FlipDirection.SKIP
        || labels.heads().stream()
            .flatMap(List::stream)
            .noneMatch(label -> Directions.isIn(label.name()));
  }

  /** The classes of a clip after mirroring, given its classes before. */
  ClipLabels mirrored(ClipLabels labels) {
    if (direction != FlipDirection.SWAP) {
      return labels;
    }
    List<List<Label>> mirrored = new ArrayList<>();
    for (int head = 0; head < labels.heads().size(); head++) {
      LabelHead classes = heads.get(head);
      mirrored.add(
          labels.heads().get(head).stream()
              .map(label -> opposite(classes, label))
              .sorted(Comparator.comparing(Label::id))
              .toList());
    }
    return new ClipLabels(mirrored);
  }

  private static Label opposite(LabelHead classes, Label label) {
    String name = Directions.exchanged(label.name());
    return new Label(classes.map().id(name).orElseThrow(), name);
  }
}
