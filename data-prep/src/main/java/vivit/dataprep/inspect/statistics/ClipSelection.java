package vivit.dataprep.inspect.statistics;

import java.io.Serializable;
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
 * The clips that an inspection shows.
 *
 * @param random drawn from all clips; the pixel statistics use them
 * @param byClass a few clips per class, each of a different video, keyed by the number of the class
 *     through all heads; from the largest class to the smallest
 */
public record ClipSelection(List<ClipPlace> random, Map<Integer, List<ClipPlace>> byClass) {

  /**
   * Draws clips.
   *
   * @param labels of every head
   * @param sample largest number of random clips
   * @param classes largest number of classes to show, over all heads
   * @param perClass largest number of clips per class
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

  /** All selected clips, each once. */
  public Set<ClipPlace> all() {
    Set<ClipPlace> all = new LinkedHashSet<>(random);
    byClass.values().forEach(all::addAll);
    return all;
  }

  /** Numbers of the classes to show, largest first, evenly spaced by rank if there are too many. */
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

  /** The position of a clip: the number of its shard in the manifest, and its row group. */
  public record ClipPlace(int shard, int rowGroup) implements Serializable {}
}
