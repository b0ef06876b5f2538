package vivit.dataprep.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

/** The log layout that the product ships, given text from files of others. */
class LogLayoutTest {
  private static final Path SHIPPED = Path.of("..", "conf", "log4j2.properties");

  @Test
  void aMessageIsOneLineUnlessItHasSeveral() {
    assertThat(logged("a b\tc ü 😀 👩‍🔬", null))
        .matches("[0-9:]{8} INFO  Some: a b\tc ü 😀 👩‍🔬\n");
    assertThat(logged("Configuration:\na=1\n\nb=2", null))
        .matches("[0-9:]{8} INFO  Some: Configuration:\n  \\| a=1\n\n  \\| b=2\n");
  }

  @Test
  void namesForgeNoLinesAndDriveNoTerminal() {
    String hostile =
        "x\n12:00:00 INFO  Train: done\r12:00:00 WARN\u0085y\u2028z\u001b[2J\u009b1m\u202eabc\u2066\u0000\u007f";

    for (String text :
        new String[] {
          logged(hostile, null),
          logged("failed", new IOException(hostile)),
          logged("failed", new IOException("outer", new IllegalStateException(hostile)))
        }) {
      assertThat(text).doesNotContainPattern("[\\p{Cc}\\p{Cf}\u2028\u2029&&[^\n\t]]");
      assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("  | "));
      assertThat(text).contains("  | 12:00:00 INFO  Train: done?12:00:00 WARN?y?z?[2J?1m?abc???");
    }
    assertThat(logged("failed", new IOException(hostile)))
        .contains("INFO  Some: failed\n  | java.io.IOException: x\n")
        .contains("\n  | \tat vivit.dataprep.job.LogLayoutTest.namesForgeNoLines");
  }

  private static String logged(String message, Throwable thrown) {
    try (LoggerContext context = new LoggerContext("shipped")) {
      Configuration shipped =
          ConfigurationFactory.getInstance().getConfiguration(context, "shipped", SHIPPED.toUri());
      shipped.initialize();
      Layout<?> layout = shipped.getAppender("console").getLayout();
      byte[] line =
          layout.toByteArray(
              Log4jLogEvent.newBuilder()
                  .setLoggerName("vivit.Some")
                  .setLevel(Level.INFO)
                  .setMessage(new SimpleMessage(message))
                  .setThrown(thrown)
                  .build());
      return new String(line, StandardCharsets.UTF_8);
    }
  }
}
