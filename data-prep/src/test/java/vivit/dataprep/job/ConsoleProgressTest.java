package vivit.dataprep.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConsoleProgressTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final ConsoleProgress progress =
      new ConsoleProgress(
          new PrintStream(terminal, true, StandardCharsets.UTF_8),
          LoggerFactory.getLogger(ConsoleProgressTest.class));

  private String shown() {
    return terminal.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesItsLineOverAndEndsIt() {
    progress.show("1 of 2");
    progress.end("2 of 2");

    assertThat(shown()).isEqualTo("\r1 of 2\u001b[K\r2 of 2\u001b[K" + System.lineSeparator());
  }

  @Test
  void namesDoNotDriveTheTerminal() {
    progress.show("a\u001b[2J\nb\u202ec");

    assertThat(shown()).isEqualTo("\ra\\u001b[2J\\nb\\u202ec\u001b[K");
  }

  @Test
  void aRepeatedLineEndsWhenItIsClosed() {
    Duration never = Duration.ofDays(1);
    progress.repeat(never, never, () -> "4 of 4").close();

    assertThat(shown()).isEqualTo("\r4 of 4\u001b[K" + System.lineSeparator());
  }
}
