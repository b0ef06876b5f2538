package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.spark.input.Mirroring.FlipDirection;

class MirroringTest {
  private static final List<String> LABELS =
      List.of(
          "Pushing something from left to right",
          "Lifting something",
          "Pushing something from right to left",
          "Turn_LEFT",
          "Turn_RIGHT",
          "Bright leftovers");

  @Test
  void saysWhatItDoesWithThem() {
    assertThat(new Mirroring(FlipDirection.SKIP, heads(LABELS)).summary())
        .isEqualTo(
            "4 classes say left or right (Pushing something from left to right, Pushing something"
                + " from right to left, Turn_LEFT, ...): their clips are not mirrored"
                + " (train.flip-direction=skip)");
    assertThat(new Mirroring(FlipDirection.MIRROR, heads(List.of("left", "up"))).summary())
        .startsWith("1 class says left or right (left): their mirrored clips keep the label");
    assertThat(new Mirroring(FlipDirection.SKIP, heads(List.of("down", "up"))).summary()).isEmpty();
  }

  @Test
  void mirrorKeepsEveryLabel() {
    assertThat(labels(FlipDirection.MIRROR)).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void skipForbidsClassesThatTellLeftFromRight() {
    Mirroring skip = new Mirroring(FlipDirection.SKIP, heads(LABELS));

    assertThat(IntStream.range(0, 6).filter(id -> skip.allowed(label(id)))).containsExactly(1, 5);
    assertThat(skip.mirrored(label(1))).isEqualTo(label(1));
  }

  @Test
  void swapGivesTheOppositeClass() {
    assertThat(labels(FlipDirection.SWAP)).containsExactly(2, 1, 0, 4, 3, 5);
  }

  @Test
  void everyClassOfEveryHeadIsSwapped() {
    LabelHead many =
        new LabelHead("events", Labelling.MULTI_LABEL, LabelMap.of(List.of("left", "right", "up")));
    LabelHead one =
        new LabelHead(
            "verb", Labelling.SINGLE_LABEL, LabelMap.of(List.of("turn", "go right", "go left")));
    LabelHeads heads = new LabelHeads(List.of(many, one));
    Mirroring swap = new Mirroring(FlipDirection.SWAP, heads);

    assertThat(swap.mirrored(heads.labels(List.of(List.of("up", "left"), List.of("go left")))))
        .isEqualTo(heads.labels(List.of(List.of("up", "right"), List.of("go right"))));
    assertThat(
            new Mirroring(FlipDirection.SKIP, heads)
                .allowed(heads.labels(List.of(List.of("up"), List.of("go left")))))
        .isFalse();
    assertThat(swap.mirrored(ClipLabels.NONE)).isEqualTo(ClipLabels.NONE);
  }

  @Test
  void swapNeedsEveryOpposite() {
    assertThatThrownBy(
            () -> new Mirroring(FlipDirection.SWAP, heads(List.of("left", "up", "Right"))))
        .hasMessage("no opposite class of left, Right");
  }

  private static List<Integer> labels(FlipDirection direction) {
    Mirroring mirroring = new Mirroring(direction, heads(LABELS));
    return IntStream.range(0, LABELS.size())
        .mapToObj(id -> mirroring.mirrored(label(id)).ids().get(0).get(0))
        .toList();
  }

  private static ClipLabels label(int id) {
    return ClipLabels.of(id, LABELS.get(id));
  }

  private static LabelHeads heads(List<String> labels) {
    return LabelHeads.of(LabelMap.of(labels));
  }
}
