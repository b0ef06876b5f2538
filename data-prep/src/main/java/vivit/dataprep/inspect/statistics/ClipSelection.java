package vivit.dataprep.inspect.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import vivit.dataprep.inspect.statistics.LabelStatistics.ClassCount;

/**
 * Which clips are looked at.
 *
 * @param random drawn from all clips; what pixel statistics are taken from
 * @param byClass per class, by its number in a row of all heads' classes, a few clips, of different
 *     videos where there are; the largest classes, the smallest, and some between
 */
public record ClipSelection(List<ClipPlace> random, Map<Integer, List<ClipPlace>> byClass) {

  /**
   * Draws clips.
   *
   * @param labels of every head
   * @param sample random clips at most
   * @param classes shown at most, of all heads together
   * @param perClass clips of each at most
   */
  public static ClipSelection draw(
      List<ClipFact> clips,
      List<LabelStatistics> labels,
      int sample,
      int classes,
      int perClass,
      long seed) {
    List<ClipFact> order = new ArrayList<>(clips);
    Collections.shuffle(order, new Random(seed));
    Map<Integer, List<ClipFact>> wanted = new LinkedHashMap<>();
    for (LabelStatistics head : labels) {
      for (int number : shown(head, (classes + labels.size() - 1) / labels.size())) {
        wanted.put(number, new ArrayList<>());
      }
    }
    for (ClipFact clip : order) {
      for (int label : clip.classes()) {
        List<ClipFact> some = wanted.get(label);
        if (some != null
            && some.size() < perClass
            && some.stream().noneMatch(other -> other.video() == clip.video())) {
          some.add(clip);
        }
      }
    }
    Map<Integer, List<ClipPlace>> byClass = new LinkedHashMap<>();
    wanted.forEach(
        (label, some) -> {
          if (!some.isEmpty()) {
            byClass.put(label, some.stream().map(ClipSelection::place).toList());
          }
        });
    return new ClipSelection(
        order.stream().limit(sample).map(ClipSelection::place).toList(), byClass);
  }

  /** All of them, each once. */
  public Set<ClipPlace> all() {
    Set<ClipPlace> all = new LinkedHashSet<>(random);
    byClass.values().forEach(all::addAll);
    return all;
  }

  /** Numbers of classes from the largest to the smallest, evenly spaced if they are too many. */
  private static List<Integer> shown(LabelStatistics head, int most) {
    List<ClassCount> ranked = head.ranked().stream().filter(c -> c.clips() > 0).toList();
    Set<Integer> places = new HashSet<>();
    int count = Math.min(most, ranked.size());
    for (int i = 0; i < count; i++) {
      places.add(count == 1 ? 0 : (int) ((long) i * (ranked.size() - 1) / (count - 1)));
    }
    return places.stream().sorted().map(i -> head.first() + ranked.get(i).id()).toList();
  }

  private static ClipPlace place(ClipFact clip) {
    return new ClipPlace(clip.shard(), clip.rowGroup());
  }
}
