package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.TimeSpan;

class SamplingGridTest {
  /** 300 frames at 30000/1001 per second on a clock of 1/30000 s, from {@code start} ticks. */
  private static Timeline ntsc(long start) {
    return new Timeline(
        LongStream.range(0, 300).map(i -> start + i * 1001).toArray(),
        IntStream.range(0, 300).toArray(),
        0,
        new long[] {start},
        1 / 30000.0,
        1001 / 30000.0,
        start / 30000.0,
        0,
        false,
        "",
        List.of());
  }

  @Test
  void coversTheVideoAtTheRate() throws IOException {
    SamplingGrid grid = SamplingGrid.over(ntsc(0), TimeSpan.WHOLE, 25);

    assertThat(grid.length()).isEqualTo(251); // 10.01 s
    assertThat(grid.times().applyAsDouble(250)).isCloseTo(10, within(1e-12));
    assertThat(grid.tolerance()).isCloseTo(1 / 60000.0, within(1e-12));
  }

  @Test
  void startsWhereTheVideoStarts() throws IOException {
    SamplingGrid grid = SamplingGrid.over(ntsc(42_000), TimeSpan.WHOLE, 25);
    assertThat(grid.times().applyAsDouble(0)).isCloseTo(1.4, within(1e-12));
    assertThat(grid.length()).isEqualTo(251);
  }

  @Test
  void partsCountFromTheContainersStart() throws IOException {
    SamplingGrid grid = SamplingGrid.over(ntsc(42_000), new TimeSpan(2, 4), 25);
    assertThat(grid.times().applyAsDouble(0)).isCloseTo(3.4, within(1e-12));
    assertThat(grid.length()).isEqualTo(50);
  }

  @Test
  void endsWithTheVideo() throws IOException {
    assertThat(SamplingGrid.over(ntsc(0), new TimeSpan(9, 20), 25).length()).isEqualTo(26);
  }

  @Test
  void theSourcesOwnFramesAreAGridToo() throws IOException {
    SamplingGrid all = SamplingGrid.over(ntsc(0), TimeSpan.WHOLE, 0);
    assertThat(all.length()).isEqualTo(300);
    assertThat(all.times().applyAsDouble(7)).isCloseTo(7 * 1001 / 30000.0, within(1e-12));

    // From the frame that is shown at 1 s, number 29, to before 2 s.
    SamplingGrid part = SamplingGrid.over(ntsc(0), new TimeSpan(1, 2), 0);
    assertThat(part.times().applyAsDouble(0)).isCloseTo(29 * 1001 / 30000.0, within(1e-12));
    assertThat(part.length()).isEqualTo(31);
  }

  @Test
  void coarseClocksAreExact() throws IOException {
    Timeline avi =
        new Timeline(
            LongStream.range(0, 50).toArray(),
            IntStream.range(0, 50).toArray(),
            0,
            new long[1],
            0.04,
            0.04,
            0,
            0,
            false,
            "",
            List.of());
    assertThat(SamplingGrid.over(avi, TimeSpan.WHOLE, 30).tolerance()).isEqualTo(0.0005);
  }

  @Test
  void aPartShorterThanAFrameShowsOneFrame() throws IOException {
    assertThat(SamplingGrid.over(ntsc(0), new TimeSpan(5, 5.001), 25).length()).isEqualTo(1);
    assertThat(SamplingGrid.over(ntsc(0), new TimeSpan(5, 5.001), 0).length()).isEqualTo(1);
  }

  @Test
  void refusesAPartBeyondTheEnd() {
    assertThatThrownBy(() -> SamplingGrid.over(ntsc(0), new TimeSpan(10.01, 12), 25))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessage("its annotated part starts at 10.010 s, the video ends at 10.010 s");
  }
}
