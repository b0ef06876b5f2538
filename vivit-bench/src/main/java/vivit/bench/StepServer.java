package vivit.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs steps for another program: prints one line of JSON after the warm-up, then runs one step for
 * every line of input and prints {@code {"seconds": 0.123}}.
 */
public final class StepServer {

  private static final ObjectMapper JSON = new ObjectMapper();

  private StepServer() {}

  /** Serves until the input ends. */
  public static void serve(StepBench bench, InputStream in, PrintStream out) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    answer(out, bench.ready());
    while (lines.readLine() != null) {
      answer(out, Map.of("seconds", bench.seconds()));
    }
  }

  private static void answer(PrintStream out, Object answer) throws IOException {
    out.println(JSON.writeValueAsString(answer));
    out.flush();
  }
}
