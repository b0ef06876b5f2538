package vivit.dataprep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** The two commands, as far as they come without Spark. */
class CommandsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(IntSupplier command) {
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      return command.getAsInt();
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
    }
  }

  @Test
  void prepareListsItsKeys() {
    assertThat(run(() -> PrepareShards.run("--help"))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("vivit prepare [config] [key=value ...]")
        .contains("prepare.max-bad-share")
        .contains("Share of the videos, 0 to 1, that may be missing or undecodable");
  }

  @Test
  void prepareRefusesAWrongConfigurationBeforeAnyJob() {
    assertThat(run(() -> PrepareShards.run("prepare.strid=3"))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("unknown key prepare.strid; did you mean prepare.stride?")
        .contains("prepare.input: missing");
  }

  @Test
  void verifyExplainsItself() {
    assertThat(run(() -> VerifyShards.run("--help"))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("vivit verify FOLDER");
    assertThat(run(VerifyShards::run)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("vivit verify FOLDER");
  }
}
