package vivit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void quantilesAreInterpolated() {
    Spread spread = Spread.of(List.of(4.0, 1.0, 3.0, 2.0));
    assertThat(spread.count()).isEqualTo(4);
    assertThat(spread.median()).isEqualTo(2.5);
    assertThat(spread.p10()).isEqualTo(1.3, within(1e-12));
    assertThat(spread.p90()).isEqualTo(3.7, within(1e-12));
    assertThat(spread.least()).isEqualTo(1);
  }

  @Test
  void aFewDelaysChangeNothing() {
    List<Double> seconds = IntStream.range(0, 101).mapToObj(i -> i < 100 ? 1.0 : 1000.0).toList();
    assertThat(Spread.of(seconds)).isEqualTo(new Spread(101, 1, 1, 1, 1));
  }

  @Test
  void oneIsAllOfThemAndNoneIsRefused() {
    assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(1, 7, 7, 7, 7));
    assertThatThrownBy(() -> Spread.of(List.of())).hasMessageContaining("at least one");
  }

  @Test
  void aTableHasMilliseconds() {
    assertThat(Spread.of(List.of(0.5)).row("read", "1.5"))
        .isEqualTo("read                 500.000   500.000   500.000 1.5" + System.lineSeparator());
    assertThat(Spread.heading("", "ms", "GB/s"))
        .isEqualTo(
            "                          ms       p10       p90 GB/s" + System.lineSeparator());
  }

  @Test
  void repeatsGoOnForLongEnoughAndOftenEnough() {
    Repeats repeats = new Repeats(2, 5, 1);
    assertThat(repeats.more(1, 9)).isTrue();
    assertThat(repeats.more(2, 0.5)).isTrue();
    assertThat(repeats.more(2, 1)).isFalse();
    assertThat(repeats.more(5, 0)).isFalse();
    assertThat(Repeats.exactly(3).more(2, 1e9)).isTrue();
    assertThat(Repeats.exactly(3).more(3, 0)).isFalse();
  }
}
