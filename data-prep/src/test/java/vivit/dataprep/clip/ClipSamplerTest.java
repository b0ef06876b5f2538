package vivit.dataprep.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClipSamplerTest {
  @Test
  void evaluationOffsetsAreThoseOfTheReference() throws IOException {
    JsonNode cases = GoldenTables.json("sampling.json").get("evaluation_offsets");
    assertThat(cases).isNotEmpty();
    for (JsonNode one : cases) {
      int length = one.get("stored_frames").asInt();
      int frames = one.get("frames").asInt();
      int stride = one.get("stride").asInt();
      int[] offsets =
          ClipSampler.evaluationOffsets(length, frames, stride, one.get("views").asInt());

      assertThat(offsets).as("%s", one).isEqualTo(GoldenTables.ints(one.get("offsets")));
      assertThat(ClipSampler.centreOffset(length, frames, stride))
          .isEqualTo(one.get("centre_offset").asInt());
      for (int view = 0; view < offsets.length; view++) {
        assertThat(ClipSampler.indices(length, frames, stride, offsets[view]))
            .isEqualTo(GoldenTables.ints(one.get("indices").get(view)));
      }
    }
  }

  @Test
  void trainingIndicesAreThoseOfTheReference() throws IOException {
    JsonNode cases = GoldenTables.json("sampling.json").get("training_indices");
    assertThat(cases).isNotEmpty();
    for (JsonNode one : cases) {
      int length = one.get("stored_frames").asInt();
      int frames = one.get("frames").asInt();
      int stride = one.get("stride").asInt();

      assertThat(ClipSampler.trainingOffsetCount(length, frames, stride))
          .isEqualTo(one.get("offset_count").asInt());
      assertThat(ClipSampler.indices(length, frames, stride, one.get("offset").asInt()))
          .isEqualTo(GoldenTables.ints(one.get("indices")));
    }
  }

  @Property(tries = 200)
  void trainingOffsetsAreValidSpreadAndRepeatable(
      @ForAll @IntRange(min = 1, max = 400) int length,
      @ForAll @IntRange(min = 1, max = 9) int clips,
      @ForAll long seed) {
    int[] offsets = ClipSampler.trainingOffsets(length, 7, 3, clips, seed, "a/b.mp4");

    int count = Math.max(length - 18, 1);
    for (int i = 0; i < clips; i++) {
      assertThat((double) offsets[i])
          .isBetween((double) i * count / clips - 1, (double) (i + 1) * count / clips);
      assertThat(offsets[i]).isBetween(0, count - 1);
    }
    assertThat(ClipSampler.trainingOffsets(length, 7, 3, clips, seed, "a/b.mp4"))
        .isEqualTo(offsets);
  }

  @Test
  void everyTrainingOffsetIsAboutEquallyLikely() {
    int[] drawn = new int[10];
    for (int seed = 0; seed < 4000; seed++) {
      drawn[ClipSampler.trainingOffsets(13, 4, 1, 1, seed, "video")[0]]++;
    }
    assertThat(IntStream.of(drawn)).allMatch(count -> count > 320 && count < 480);
  }

  @Test
  void otherVideosGetOtherOffsets() {
    long different =
        IntStream.range(0, 100)
            .map(i -> ClipSampler.trainingOffsets(10_000, 4, 1, 1, 7, "video " + i)[0])
            .distinct()
            .count();
    assertThat(different).isGreaterThan(95);
  }

  @Test
  void refusesAVideoWithoutFrames() {
    assertThatThrownBy(() -> ClipSampler.indices(0, 4, 1, 0))
        .hasMessage("A video of 0 frames has no clips");
  }
}
