package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadsTest {

  private final int before = Threads.perTask();

  @AfterEach
  void restore() {
    Threads.perTask(before);
  }

  @Test
  void anEngineGetsWhatTheTaskWasGiven() {
    Threads.perTask(1);
    assertThat(Threads.perTask()).isEqualTo(1);
    try (OneDnnEngine engine = new OneDnnEngine()) {
      assertThat(engine.description()).contains(", 1 thread");
    }
  }

  @Test
  void noMoreThanTheMachineHas() {
    Threads.perTask(Integer.MAX_VALUE);
    assertThat(Threads.perTask()).isEqualTo(Threads.cores());
    assertThat(Threads.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void andAtLeastOne() {
    for (int threads : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> Threads.perTask(threads))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(threads + " threads for an engine, expected at least 1");
      assertThatThrownBy(() -> new OneDnnEngine(threads))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(threads + " threads for an engine, expected at least 1");
    }
    assertThat(Threads.perTask()).isEqualTo(before);
  }
}
