package vivit.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class EventOrderTest {
  @Test
  void everyClassShowsEveryEventOnce() {
    assertThat(EventOrder.ALL).hasSize(8).doesNotHaveDuplicates();
    for (EventOrder order : EventOrder.ALL) {
      assertThat(order.events()).containsExactlyInAnyOrder(EventKind.values());
    }
  }

  @Test
  void everyEventIsEquallyOftenAtEveryPosition() {
    for (int position = 0; position < 4; position++) {
      for (EventKind kind : EventKind.values()) {
        int place = position;
        assertThat(EventOrder.ALL)
            .filteredOn(order -> order.events().get(place) == kind)
            .hasSize(2);
      }
    }
  }

  @Test
  void labelsAreTheOrderInWords() {
    assertThat(EventOrder.ALL.get(4).label()).isEqualTo("cross-triangle-square-disc");
    assertThat(new HashSet<>(EventOrder.ALL.stream().map(EventOrder::label).toList())).hasSize(8);
  }
}
