package vivit.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.ConsoleProgress;

class ProgressTest {

  @Test
  void rewritesOneLineOnATerminal() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Progress progress = onTerminal(shown);

    progress.round(round(12));
    progress.round(round(14));

    assertThat(shown.toString(StandardCharsets.UTF_8))
        .startsWith(
            "\rstep 12/14  epoch 1  loss 0.5000  lr 0.0500  4.0 clips/s  waiting 2%  eta 10 s")
        .contains("\rstep 14/14")
        .endsWith("eta 0 s\u001b[K" + System.lineSeparator());
  }

  @Test
  void aLineOfMetricsBeginsWithTheStep() throws IOException {
    assertThat(new ObjectMapper().writeValueAsString(round(12)))
        .startsWith(
            "{\"step\":12,\"epoch\":1,\"loss\":0.5,\"accuracy\":0.25,\"learning_rate\":0.05,")
        .contains("\"clips_per_second\":4.0,\"gradient_norm\":1.0")
        .contains("\"drop_path\":0.2")
        .contains("\"seconds\":10.0,\"seconds_train\":9.0,\"seconds_gather\":1.0,")
        .contains("\"seconds_outside\":0.75,\"bytes_in\":800,\"bytes_out\":400")
        .doesNotContain("strengths");
  }

  @Test
  void theNewestValidationStaysOnTheLine() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Progress progress = onTerminal(shown);

    progress.validated("top1", 0.87125);
    progress.round(round(12));
    progress.round(round(14));

    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("step 12/14  epoch 1  loss 0.5000  val top1 0.8713  lr 0.0500")
        .contains("step 14/14  epoch 1  loss 0.5000  val top1 0.8713  lr 0.0500");
  }

  @Test
  void sumsUpTheEpochsThatWereTrained() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Progress progress = onTerminal(shown);

    progress.round(round(12));
    progress.round(round(14));

    assertThat(shown.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce(
            "epoch 1  mean loss 0.5000  accuracy 25.0% of the clips trained on  20 s");
  }

  private static Progress onTerminal(ByteArrayOutputStream shown) {
    return new Progress(
        10,
        14,
        1,
        new ConsoleProgress(
            new PrintStream(shown, true, StandardCharsets.UTF_8),
            LoggerFactory.getLogger(ProgressTest.class)));
  }

  private static RoundMetrics round(long step) {
    RoundPhases phases = new RoundPhases(9, 1, 0.5, 6, 1, 0.75, 0.25, 0.25, 0.75, 800, 400);
    return new RoundMetrics(
        step,
        1,
        0.5,
        0.25,
        0.05,
        Map.of("drop_path", 0.2),
        40,
        4.0,
        1.0,
        2,
        0.1,
        0.3,
        0.2,
        0.02,
        10.0,
        phases,
        Map.of());
  }
}
