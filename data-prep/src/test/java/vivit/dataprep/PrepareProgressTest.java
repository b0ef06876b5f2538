package vivit.dataprep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrepareProgressTest {
  @Test
  void saysHowFarAndHowLong() {
    assertThat(PrepareProgress.line(1000, 90, 10, 20))
        .isEqualTo("prepare: 100 of 1000 videos, 10 bad, 5.0 videos/s, remaining 3 min 00 s");
    assertThat(PrepareProgress.line(100_000, 100, 0, 20))
        .isEqualTo("prepare: 100 of 100000 videos, 0 bad, 5.0 videos/s, remaining 5 h 33 min");
    assertThat(PrepareProgress.line(10, 0, 0, 0))
        .isEqualTo("prepare: 0 of 10 videos, 0 bad, 0.0 videos/s, remaining unknown");
  }

  @Test
  void endsItsLineOnATerminal() {
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    try (PrepareProgress progress =
        new PrepareProgress(
            4, () -> 3, () -> 1, new PrintStream(terminal, true, StandardCharsets.UTF_8))) {
      progress.start();
    }
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .startsWith("\rprepare: 4 of 4 videos, 1 bad")
        .endsWith(System.lineSeparator());
  }
}
