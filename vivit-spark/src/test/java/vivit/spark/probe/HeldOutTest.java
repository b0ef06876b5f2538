package vivit.spark.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which videos are held out depends on the seed and their ids alone. */
class HeldOutTest {
  private final List<String> videos =
      IntStream.range(0, 200).mapToObj(i -> "video-" + i / 2).toList(); // two clips each

  @Test
  void isTheWantedShareOfTheVideosWhateverTheirOrder() {
    List<String> shuffled = new ArrayList<>(videos);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(HeldOut.of(videos, 0.13, 5)).hasSize(13).isEqualTo(HeldOut.of(shuffled, 0.13, 5));
    assertThat(HeldOut.of(videos, 0.13, 6)).isNotEqualTo(HeldOut.of(videos, 0.13, 5));
    assertThat(HeldOut.of(videos, 0.3, 5)).containsAll(HeldOut.of(videos, 0.13, 5));
  }

  @Test
  void isNeverNothingAndNeverAll() {
    assertThat(HeldOut.of(List.of("a", "b"), 0.001, 1)).hasSize(1);
    assertThat(HeldOut.of(List.of("a", "b", "b"), 0.999, 1)).hasSize(1);
  }
}
