package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.dataprep.source.LabelMap;

class LabelMapsTest {
  private static void compare(List<String> shards, List<String> checkpoint) {
    LabelMaps.requireSame(
        "hdfs://shards",
        LabelMap.of(shards).hash(),
        shards,
        "run/checkpoints/step-00000042",
        LabelMap.of(checkpoint).hash(),
        checkpoint);
  }

  @Test
  void acceptsTheSameNamesInTheSameOrder() {
    assertThatCode(() -> compare(List.of("jump", "run"), List.of("jump", "run")))
        .doesNotThrowAnyException();
  }

  @Test
  void namesWhatDiffers() {
    assertThatThrownBy(() -> compare(List.of("jump", "walk", "swim"), List.of("jump", "run")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot evaluate run/checkpoints/step-00000042 on hdfs://shards")
        .hasMessageContaining(
            "differing ids: 1: shards 'walk', checkpoint 'run'; 2: shards 'swim', checkpoint none; prepare");
  }

  @Test
  void tenDifferencesAreEnough() {
    List<String> shards = java.util.stream.IntStream.range(0, 15).mapToObj(i -> "s" + i).toList();
    List<String> trained = java.util.stream.IntStream.range(0, 15).mapToObj(i -> "t" + i).toList();
    assertThatThrownBy(() -> compare(shards, trained)).hasMessageContaining("; and 5 more;");
  }
}
