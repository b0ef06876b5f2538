package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrepareProgressTest {
  @Test
  void saysHowFarAndHowLong() {
    assertThat(
            PrepareProgress.line(
                new Workload(1000, 0, 10_000), new Work(100, 10, 6000, 50_000_000, 1000), 20))
        .isEqualTo(
            "prepare: 100 of 1000 videos, 10 bad, 5.0 videos/s, 300 frames/s, 2.5 MB/s read,"
                + " remaining 3 min 00 s");
    assertThat(
            PrepareProgress.line(
                new Workload(100_000, 500, 20_000_000), new Work(100, 0, 0, 0, 20_000), 20))
        .isEqualTo(
            "prepare: 600 of 100000 videos, 0 bad, 5.0 videos/s, 0 frames/s, 0.0 MB/s read,"
                + " remaining 5 h 33 min");
    assertThat(PrepareProgress.line(new Workload(10, 0, 5), Work.NONE, 0))
        .isEqualTo(
            "prepare: 0 of 10 videos, 0 bad, 0.0 videos/s, 0 frames/s, 0.0 MB/s read,"
                + " remaining unknown");
  }
}
