package vivit.dataprep.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelHeadsTest {
  private static final LabelMap NOUNS = LabelMap.of(List.of("cup", "knife", "tap"));
  private static final LabelMap VERBS = LabelMap.of(List.of("cut", "take"));

  private static LabelHeads heads(Labelling labelling) {
    return new LabelColumns(List.of("noun", "verb"), labelling).with(List.of(NOUNS, VERBS));
  }

  @Test
  void theDefaultHeadHasTheHashOfItsMap() {
    assertThat(LabelHeads.of(NOUNS).hash()).isEqualTo(NOUNS.hash());
    assertThat(LabelHeads.of(NOUNS).isDefault()).isTrue();
    LabelHeads named =
        new LabelHeads(List.of(new LabelHead("noun", Labelling.SINGLE_LABEL, NOUNS)));
    assertThat(named.isDefault()).isFalse();
    assertThat(named.hash()).isNotEqualTo(NOUNS.hash());
  }

  @Test
  void theHashTellsOrderNamesAndLabellingApart() {
    LabelHeads swapped =
        new LabelColumns(List.of("verb", "noun"), Labelling.SINGLE_LABEL)
            .with(List.of(VERBS, NOUNS));
    assertThat(
            List.of(
                heads(Labelling.SINGLE_LABEL).hash(),
                heads(Labelling.MULTI_LABEL).hash(),
                swapped.hash()))
        .doesNotHaveDuplicates();
  }

  @Test
  void classesStandInARowHeadAfterHead() {
    LabelHeads heads = heads(Labelling.SINGLE_LABEL);
    assertThat(heads.classNames()).containsExactly("cup", "knife", "tap", "cut", "take");
    assertThat(heads.offset(0)).isZero();
    assertThat(heads.offset(1)).isEqualTo(3);
    assertThat(heads.classes()).isEqualTo(5);
  }

  @Test
  void labelsAreSortedById() {
    assertThat(heads(Labelling.MULTI_LABEL).labels(List.of(List.of("tap", "cup"), List.of())).ids())
        .containsExactly(List.of(0, 2), List.of());
    assertThatThrownBy(
            () -> heads(Labelling.SINGLE_LABEL).labels(List.of(List.of("cut"), List.of("cut"))))
        .hasMessage("the label \"cut\" is not in the label map");
  }

  @Test
  void refusesNamesThatCannotBeColumns() {
    assertThatThrownBy(() -> new LabelColumns(List.of("Noun"), Labelling.SINGLE_LABEL))
        .hasMessageContaining("found head \"Noun\", expected a name of lower-case letters");
    assertThatThrownBy(() -> new LabelColumns(List.of("video"), Labelling.SINGLE_LABEL))
        .hasMessageContaining("which is the name of another column");
    assertThatThrownBy(() -> new LabelColumns(List.of("verb", "verb"), Labelling.SINGLE_LABEL))
        .hasMessageContaining("found a head twice in [verb, verb]");
    assertThatThrownBy(() -> new LabelColumns(List.of("verb", "action"), Labelling.SINGLE_LABEL))
        .hasMessageContaining("found a head \"action\" among others");
    assertThatThrownBy(() -> new LabelColumns(List.of(), Labelling.SINGLE_LABEL))
        .hasMessageContaining("found no head");
  }
}
