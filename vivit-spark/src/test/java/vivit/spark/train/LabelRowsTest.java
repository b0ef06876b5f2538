package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.ClipLabels.Label;
import vivit.model.Head;
import vivit.model.Head.Loss;

class LabelRowsTest {
  private static final List<Head> HEADS =
      List.of(new Head("noun", 4), new Head("mood", 2, Loss.SIGMOID));

  private static LabelRows rows() {
    List<Label> both = List.of(new Label(0, "calm"), new Label(1, "wet"));
    return new LabelRows(
        HEADS,
        List.of(
            new ClipLabels(List.of(List.of(new Label(3, "tap")), both)),
            new ClipLabels(List.of(List.of(new Label(0, "cup")), List.of()))));
  }

  @Test
  void everyHeadHasRowsOfItsOwn() {
    try (LabelRows rows = rows()) {
      assertThat(rows.rows()[0].toFloatMatrix())
          .isDeepEqualTo(new float[][] {{0, 0, 0, 1}, {1, 0, 0, 0}});
      assertThat(rows.rows()[1].toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 1}, {0, 0}});
    }
  }

  @Test
  void mixingReachesEveryHead() {
    try (LabelRows rows = rows()) {
      rows.mix(0, 2, 0.75);
      assertThat(rows.rows()[0].toFloatMatrix())
          .isDeepEqualTo(new float[][] {{0.25f, 0, 0, 0.75f}, {0.75f, 0, 0, 0.25f}});
      assertThat(rows.rows()[1].toFloatMatrix())
          .isDeepEqualTo(new float[][] {{0.75f, 0.75f}, {0.25f, 0.25f}});
    }
  }

  @Test
  void smoothingIsOverTheClassesOfSoftmaxHeads() {
    try (LabelRows rows = rows()) {
      rows.smooth(0.5);
      assertThat(rows.rows()[0].toFloatMatrix()[0]).containsExactly(0.125f, 0.125f, 0.125f, 0.625f);
      assertThat(rows.rows()[1].toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 1}, {0, 0}});
    }
  }
}
