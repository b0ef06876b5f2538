package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HungTasksTest {
  @Test
  void jobsMayTakeTenTimesAsLongAsBefore() {
    assertThat(HungTasks.limit(List.of())).isEqualTo(3600);
    assertThat(HungTasks.limit(List.of(0.2, 0.1))).isEqualTo(60);
    assertThat(HungTasks.limit(List.of(8.0, 30.0, 20.0))).isEqualTo(300);
  }
}
