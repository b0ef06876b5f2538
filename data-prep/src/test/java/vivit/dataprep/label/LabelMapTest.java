package vivit.dataprep.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelMapTest {
  @Test
  void numbersAreSortedAsSuch() {
    assertThat(LabelMap.sorted(List.of("10", "9", "0", "9")).names())
        .containsExactly("0", "9", "10");
    assertThat(LabelMap.sorted(List.of("10", "9", "x")).names()).containsExactly("10", "9", "x");
  }

  @Test
  void sortsByCodePoint() {
    LabelMap map = LabelMap.sorted(List.of("b", "Z", "a", "é", "b", "\ud83d\ude00", "\uffee"));

    assertThat(map.names()).containsExactly("Z", "a", "b", "é", "\uffee", "\ud83d\ude00");
    assertThat(map.id("é")).hasValue(3);
    assertThat(map.id("c")).isEmpty();
    assertThat(map.name(2)).isEqualTo("b");
    assertThat(map.size()).isEqualTo(6);
  }

  @Test
  void theHashTellsOrderAndBorders() {
    String hash = LabelMap.of(List.of("ab", "c")).hash();

    assertThat(hash)
        .isEqualTo("629c2f14f654f026086f2aefe1855533d0897f49df86a19073be17b237361b09")
        .isNotEqualTo(LabelMap.of(List.of("c", "ab")).hash())
        .isNotEqualTo(LabelMap.of(List.of("a", "bc")).hash());
  }

  @Test
  void refusesEmptyAndRepeatedNames() {
    assertThatThrownBy(() -> LabelMap.of(List.of("a", " ")))
        .hasMessage("Label 1 has an empty name");
    assertThatThrownBy(() -> LabelMap.of(List.of("a", "b", "a")))
        .hasMessage("The label \"a\" is listed twice, as 0 and 2");
  }
}
