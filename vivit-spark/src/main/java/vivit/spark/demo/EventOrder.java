package vivit.spark.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A class of the demo: every event once, in a given order.
 *
 * <p>The eight orders are the rotations of one order and of its reverse, so every event occurs
 * twice at every position, and the event at one position leaves two classes possible.
 *
 * @param events the four events, first to last
 */
public record EventOrder(List<EventKind> events) {

  /** All classes; a class id is an index into this list. */
  public static final List<EventOrder> ALL =
      List.of(
          order(0, 1, 2, 3),
          order(1, 2, 3, 0),
          order(2, 3, 0, 1),
          order(3, 0, 1, 2),
          order(3, 2, 1, 0),
          order(2, 1, 0, 3),
          order(1, 0, 3, 2),
          order(0, 3, 2, 1));

  /** The class's name: {@code disc-square-triangle-cross}. */
  public String label() {
    return events.stream()
        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("-"));
  }

  private static EventOrder order(int... kinds) {
    return new EventOrder(Arrays.stream(kinds).mapToObj(kind -> EventKind.values()[kind]).toList());
  }
}
