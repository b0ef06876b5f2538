package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LostHelperExceptionTest {
  private static final String CRASH =
      """
      #
      # A fatal error has been detected by the Java Runtime Environment:
      #
      #  SIGSEGV (0xb) at pc=0x00007f2a1c3d1a10, pid=4711, tid=4712
      #
      # JRE version: OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6)
      # Problematic frame:
      # C  [libavcodec.so.62+0x5d3a10]  decode_slice+0x10
      #
      """;

  @Test
  void aCrashNamesSignalAndLibraryButNothingThatDiffersByRun() {
    assertThat(LostHelperException.describeExit(134, CRASH))
        .isEqualTo("signal 11, SIGSEGV, in libavcodec.so.62");
  }

  @ParameterizedTest
  @CsvSource({
    "137, 'signal 9, SIGKILL'",
    "134, 'signal 6, SIGABRT'",
    "135, 'signal 7, SIGBUS'",
    "159, signal 31",
    "1, exit status 1: no room",
    "255, exit status 255: no room"
  })
  void otherEndsAreSignalsOrStatusWithTheLastLine(int status, String words) {
    assertThat(LostHelperException.describeExit(status, "some message\nno room\n"))
        .isEqualTo(words);
  }

  @Test
  void nothingPrintedIsNothingQuoted() {
    assertThat(LostHelperException.describeExit(1, " \n")).isEqualTo("exit status 1");
  }

  @ParameterizedTest
  @CsvSource({
    "120000, 2 minutes",
    "60000, 1 minute",
    "90000, 90 seconds",
    "1000, 1 second",
    "1500, 1500 milliseconds"
  })
  void limitsOfTimeReadAsTheyAreWritten(long millis, String words) {
    assertThat(LostHelperException.words(Duration.ofMillis(millis))).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"1073741824, 1 GiB", "314572800, 300 MiB", "200000000, 200000000 bytes"})
  void limitsOfMemoryReadAsTheyAreWritten(long bytes, String words) {
    assertThat(LostHelperException.words(bytes)).isEqualTo(words);
  }
}
