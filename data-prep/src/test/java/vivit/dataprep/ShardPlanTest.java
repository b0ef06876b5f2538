package vivit.dataprep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.TimeSpan;

class ShardPlanTest {
  private static List<LabelledVideo> videos() {
    return IntStream.range(0, 23)
        .mapToObj(i -> new LabelledVideo("v" + i, "/v" + i, "label", TimeSpan.WHOLE))
        .toList();
  }

  @Test
  void dealsOutEveryVideoOnce() {
    List<ShardPlan> plans = ShardPlan.deal(videos(), 5, 1);

    assertThat(plans).extracting(ShardPlan::shard).containsExactly(0, 1, 2, 3, 4);
    assertThat(plans).extracting(plan -> plan.videos().size()).containsExactly(5, 5, 5, 5, 3);
    assertThat(plans.stream().flatMap(plan -> plan.videos().stream()))
        .containsExactlyInAnyOrderElementsOf(videos());
  }

  @Test
  void theOrderOfTheListDoesNotMatter() {
    List<LabelledVideo> other = new ArrayList<>(videos());
    Collections.shuffle(other, new Random(4));

    assertThat(ShardPlan.deal(other, 5, 1)).isEqualTo(ShardPlan.deal(videos(), 5, 1));
    assertThat(ShardPlan.deal(videos(), 5, 2)).isNotEqualTo(ShardPlan.deal(videos(), 5, 1));
  }
}
