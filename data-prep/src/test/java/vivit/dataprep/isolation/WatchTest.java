package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final long LONGER_SECONDS = 2;
  private static final long PATIENCE_SECONDS = 30;

  private Process process;

  @BeforeEach
  void start() throws IOException {
    process = new ProcessBuilder("sleep", "600").start();
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  private boolean ends() throws InterruptedException {
    return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void timeStandsStillWhileTheProcessIsServed() throws InterruptedException {
    try (Watch watch = Watch.begin(process, process.pid(), SHORT, Long.MAX_VALUE)) {
      watch.pause();
      watch.restart();
      assertThat(process.waitFor(LONGER_SECONDS, TimeUnit.SECONDS)).isFalse();
      assertThat(watch.verdict()).isEqualTo(Watch.Verdict.NONE);

      watch.resume();
      assertThat(ends()).isTrue();
      assertThat(watch.verdict()).isEqualTo(Watch.Verdict.TOO_LONG);
    }
  }

  @Test
  void memoryIsLookedAt() throws InterruptedException {
    try (Watch watch = Watch.begin(process, process.pid(), Duration.ofHours(1), 1)) {
      assertThat(ends()).isTrue();
      assertThat(watch.verdict()).isEqualTo(Watch.Verdict.TOO_MUCH);
    }
  }

  @Test
  void theClosedWatchDoesNotBite() throws InterruptedException {
    Watch watch = Watch.begin(process, process.pid(), SHORT, Long.MAX_VALUE);
    watch.close();
    assertThat(process.waitFor(LONGER_SECONDS, TimeUnit.SECONDS)).isFalse();
  }
}
