package vivit.spark.input;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.ClipLabels.Label;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;

/**
 * Determines the classes of mirrored clips.
 *
 * <p>A class distinguishes left from right if its name contains the word left or right, in any
 * case; its opposite is the class of the same head whose name has the two words exchanged.
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

  private static final Pattern WORD =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])(left|right)(?![\\p{L}\\p{N}])", Pattern.CASE_INSENSITIVE);

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
        if (head.map().id(opposite(name)).isEmpty()) {
          alone.add(name);
        }
      }
    }
    return alone;
  }

  /** The name with left and right exchanged; the same name if it contains neither. */
  static String opposite(String name) {
    return WORD.matcher(name).replaceAll(Mirroring::exchanged);
  }

  private static String exchanged(MatchResult found) {
    String word = found.group();
    String other = word.equalsIgnoreCase("left") ? "right" : "left";
    if (word.equals(word.toUpperCase(Locale.ROOT))) {
      return other.toUpperCase(Locale.ROOT);
    }
    return Character.isUpperCase(word.charAt(0))
        ? other.substring(0, 1).toUpperCase(Locale.ROOT) + other.substring(1)
        : other;
  }

  /** Whether a clip of these classes may be mirrored. */
  boolean allowed(ClipLabels labels) {
    return direction != FlipDirection.SKIP
        || labels.heads().stream()
            .flatMap(List::stream)
            .noneMatch(label -> WORD.matcher(label.name()).find());
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
    String name = opposite(label.name());
    return new Label(classes.map().id(name).orElseThrow(), name);
  }
}
