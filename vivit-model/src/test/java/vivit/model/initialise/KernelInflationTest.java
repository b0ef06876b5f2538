package vivit.model.initialise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelInflationTest {

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 1", "4, 2", "5, 2", "8, 4"})
  void theCentralFrameHasTheImagesKernel(int frames, int central) {
    float[] kernel = KernelInflation.CENTRAL_FRAME.inflate(new float[] {3, -7}, frames);

    for (int frame = 0; frame < frames; frame++) {
      boolean here = frame == central;
      assertThat(kernel[2 * frame]).isEqualTo(here ? 3f : 0f);
      assertThat(kernel[2 * frame + 1]).isEqualTo(here ? -7f : 0f);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1.0, 0, 0, 0",
    "2, 0.5, 0.5, 0, 0",
    "4, 0.25, 0.25, 0.25, 0.25",
  })
  void averagingSharesTheKernelOut(int frames, float a, float b, float c, float d) {
    float[] expected = Arrays.copyOf(new float[] {a, b, c, d}, frames);

    assertThat(KernelInflation.AVERAGE.inflate(new float[] {1}, frames)).containsExactly(expected);
  }

  /** By hand: H_2 = 3/2, H_3 = 11/6, H_4 = 25/12. */
  @ParameterizedTest
  @CsvSource({
    "2, -0.25, 0.25, 0, 0",
    "3, -0.4444444, 0.2222222, 0.2222222, 0",
    "4, -0.6041667, 0.1458333, 0.2708333, 0.1875",
  })
  void rankPoolingWeighsLaterFramesMore(int frames, float a, float b, float c, float d) {
    float[] expected = Arrays.copyOf(new float[] {a, b, c, d}, frames);

    assertThat(KernelInflation.RANK_POOLING.inflate(new float[] {1}, frames))
        .containsExactly(expected, within(1e-6f));
  }

  @Property
  void framesAddUpToOneOrToNothing(@ForAll @IntRange(min = 1, max = 40) int frames) {
    assertThat(sum(KernelInflation.CENTRAL_FRAME, frames)).isEqualTo(1, within(1e-12));
    assertThat(sum(KernelInflation.AVERAGE, frames)).isEqualTo(1, within(1e-12));
    assertThat(sum(KernelInflation.RANK_POOLING, frames)).isEqualTo(0, within(1e-12));
  }

  private static double sum(KernelInflation inflation, int frames) {
    double sum = 0;
    for (int frame = 0; frame < frames; frame++) {
      sum += inflation.weight(frame, frames);
    }
    return sum;
  }
}
