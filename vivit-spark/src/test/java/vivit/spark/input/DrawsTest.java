package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DrawsTest {

  @Test
  void areTheSameForever() {
    Draws draws = Draws.of(Draws.Use.AUGMENTATION, 0, 1, 2);

    assertThat(draws.whole()).isEqualTo(Draws.of(Draws.Use.AUGMENTATION, 0, 1, 2).whole());
    assertThat(Draws.seed(Draws.Use.DROP_PATH, 0, 1, 2))
        .isNotEqualTo(Draws.seed(Draws.Use.AUGMENTATION, 0, 1, 2))
        .isNotEqualTo(Draws.seed(Draws.Use.DROP_PATH, 1, 0, 2));
  }

  @Test
  void areUniform() {
    Draws draws = Draws.of(Draws.Use.AUGMENTATION, 5);
    double sum = 0;
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      sum += draws.unit();
      counts[draws.below(7)]++;
    }

    assertThat(sum / 70_000).isCloseTo(0.5, within(0.01));
    assertThat(Arrays.stream(counts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(9_600, 10_400));
  }
}
