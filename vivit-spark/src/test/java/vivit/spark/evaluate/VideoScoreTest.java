package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vivit.spark.evaluate.VideoScore.ViewLogits;

class VideoScoreTest {
  private static ViewLogits view(int clip, int crop, float... logits) {
    return new ViewLogits("v", List.of(List.of(1)), clip, crop, new float[][] {logits});
  }

  @Test
  void averagesLogitsOverViews() {
    VideoScore score =
        VideoScore.average(List.of(view(0, 0, 1, 2, 9), view(0, 1, 2, 4, 9), view(1, 0, 6, 0, 9)));
    assertThat(score.heads().get(0).logits()).containsExactly(3, 2, 9);
    assertThat(score.views()).isEqualTo(3);
    assertThat(score.video()).isEqualTo("v");
    assertThat(score.heads().get(0).label()).isEqualTo(1);
  }

  @Test
  void theOrderOfArrivalDoesNotChangeABit() {
    Random random = new Random(7);
    List<ViewLogits> views = new ArrayList<>();
    for (int clip = 0; clip < 5; clip++) {
      for (int crop = 0; crop < 3; crop++) {
        views.add(view(clip, crop, 1e8f * random.nextFloat(), random.nextFloat(), 1e-8f));
      }
    }
    double[] expected = VideoScore.average(views).heads().get(0).logits();
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(views, random);
      assertThat(VideoScore.average(views).heads().get(0).logits()).isEqualTo(expected);
    }
  }

  @Test
  void probabilitiesAndLossSurviveLargeLogits() {
    HeadScore score = VideoScore.average(List.of(view(0, 0, 1000, 1001, 999))).heads().get(0);
    double total = Math.exp(-1) + 1 + Math.exp(-2);
    assertThat(score.softmax()[1]).isCloseTo(1 / total, within(1e-12));
    assertThat(score.softmaxLoss()).isCloseTo(Math.log(total), within(1e-12));
  }

  @Test
  void refusesAViewSeenTwiceTwoLabelsAndNonFiniteLogits() {
    assertThatThrownBy(() -> VideoScore.average(List.of(view(2, 1, 1), view(2, 1, 1))))
        .hasMessageContaining("found clip 2, crop 1 of video v twice");
    assertThatThrownBy(
            () ->
                VideoScore.average(
                    List.of(
                        view(0, 0, 1),
                        new ViewLogits("v", List.of(List.of(0)), 1, 0, new float[1][1]))))
        .hasMessageContaining("found labels [[1]] and [[0]] for video v");
    assertThatThrownBy(() -> VideoScore.average(List.of(view(0, 0, 1, Float.NaN))))
        .hasMessageContaining("found logit NaN of class 1 for video v (clip 0, crop 0)");
  }
}
