package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vivit.spark.input.Draws.Use;

class ClipUseTest {

  @Test
  void theFirstUseHasTheKeyOfItsClip() {
    assertThat(new ClipUse(3, 7, 0).seed(Use.DROP_PATH, 5))
        .isEqualTo(Draws.seed(Use.DROP_PATH, 5, 3, 7));
    assertThat(new ClipUse(3, 7, 0).draws(Use.ERASING, 5).whole())
        .isEqualTo(Draws.of(Use.ERASING, 5, 3, 7).whole());
  }

  @Test
  void everyUseHasASeedOfItsOwn() {
    Set<Long> seeds = new HashSet<>();
    for (int epoch = 0; epoch < 10; epoch++) {
      for (int clip = 0; clip < 10; clip++) {
        for (int number = 0; number < 10; number++) {
          ClipUse use = new ClipUse(epoch, clip, number);
          seeds.add(use.seed(Use.DROPOUT, 1));
          seeds.add(use.seed(Use.DROP_PATH, 1));
        }
      }
    }
    assertThat(seeds).hasSize(2000);
  }
}
