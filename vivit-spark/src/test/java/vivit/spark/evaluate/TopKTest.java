package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TopKTest {
  @Test
  void theLowerIdWinsATie() {
    double[] scores = {1, 3, 3, 2, 3};
    assertThat(TopK.best(scores)).isEqualTo(1);
    assertThat(TopK.rank(scores, 1)).isZero();
    assertThat(TopK.rank(scores, 2)).isEqualTo(1);
    assertThat(TopK.rank(scores, 4)).isEqualTo(2);
    assertThat(TopK.rank(scores, 3)).isEqualTo(3);
    assertThat(TopK.of(3, scores)).containsExactly(1, 2, 4);
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    double[] scores = {-0.0, 0.0, -0.0};
    assertThat(TopK.of(3, scores)).containsExactly(0, 1, 2);
    assertThat(TopK.rank(scores, 0)).isZero();
  }

  @Test
  void infinitiesAreScoresAndNaNIsRefused() {
    assertThat(TopK.best(new double[] {Double.NEGATIVE_INFINITY, -1, 7})).isEqualTo(2);
    assertThatThrownBy(() -> TopK.best(new double[] {1, Double.NaN}))
        .hasMessage("found NaN as the score of class 1");
    assertThatThrownBy(() -> TopK.rank(new double[] {1, 2}, 2))
        .hasMessage("found label 2, expected 0 to 1");
  }

  @Property(tries = 200)
  void rankIsThePlaceInTheSortedList(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int k) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = random.ints(k, -2, 3).asDoubleStream().toArray();
    int[] order = TopK.of(k, scores);
    for (int place = 0; place < k; place++) {
      assertThat(TopK.rank(scores, order[place])).isEqualTo(place);
    }
    assertThat(order[0]).isEqualTo(TopK.best(scores));
  }
}
