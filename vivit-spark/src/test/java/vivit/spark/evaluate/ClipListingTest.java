package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.spark.evaluate.ClipListing.ListedClip;

class ClipListingTest {

  /** The middles of as many equal parts as there are views. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "1, 1, 0",
        "4, 1, 2",
        "5, 1, 2",
        "4, 2, 1 3",
        "5, 2, 1 3",
        "10, 3, 1 5 8",
        "4, 4, 0 1 2 3",
        "3, 4, 0 1 2",
      })
  void spreadsViewsOverTheVideo(int stored, int views, String chosen) {
    List<ListedClip> clips = new ArrayList<>();
    for (int view = 0; view < stored; view++) {
      clips.add(new ListedClip("video", view));
    }

    assertThat(ClipListing.spread(clips, views))
        .containsExactly(List.of(chosen.split(" ")).stream().mapToInt(Integer::parseInt).toArray());
  }

  @Test
  void takesEachVideoForItselfWhereverItsClipsAre() {
    List<ListedClip> clips =
        List.of(
            new ListedClip("b", 2),
            new ListedClip("a", 0),
            new ListedClip("b", 0),
            new ListedClip("c", 0),
            new ListedClip("b", 1));

    assertThat(ClipListing.spread(clips, 1)).containsExactly(1, 3, 4);
    assertThat(ClipListing.spread(clips, 2)).containsExactly(0, 1, 2, 3);
  }
}
