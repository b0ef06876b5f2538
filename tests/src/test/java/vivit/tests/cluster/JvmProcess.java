package vivit.tests.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A main class of the test's class path in a JVM of its own, on the loopback address. Its output,
 * both streams in one, can be waited for.
 */
public final class JvmProcess implements AutoCloseable {
  /** Options for JVMs that start often and do not live long. */
  static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Process process;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private JvmProcess(Process process, String name) {
    this.process = process;
    reader = new Thread(this::read, "output of " + name);
    reader.setDaemon(true);
  }

  /** Starts a main class with options of the JVM and arguments. */
  public static JvmProcess start(String main, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // a build in the background ignores Ctrl-C, and so would what it starts
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(System.getProperty("vivit.jvm.opens").trim().split("\\s+", -1)));
    command.addAll(List.of(SHORT_LIVED.split(" ", -1)));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    JvmProcess started = new JvmProcess(builder.start(), main);
    started.reader.start();
    return started;
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        add(line);
      }
    } catch (IOException closed) {
      add(closed.toString());
    }
    end();
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits for a line in which {@code pattern} is found; returns its first group. */
  public String await(String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    try {
      for (int number = 0; ; number++) {
        Matcher line = wanted.matcher(line(number, pattern));
        if (line.find()) {
          return line.group(1);
        }
      }
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private synchronized String line(int number, String pattern) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (number == lines.size()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (ended || left <= 0) {
        throw new IllegalStateException("No line like " + pattern + " in the output:\n" + text());
      }
      wait(left);
    }
    return lines.get(number);
  }

  /** Waits for a condition that holds while the process runs; fails if the process ends first. */
  public void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      if (!isAlive()) {
        throw new IllegalStateException("The process has ended:\n" + text());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Sends what cluster managers send before they kill. */
  public void terminate() {
    process.toHandle().destroy(); // unlike the process itself, without its output
  }

  /** Sends what Ctrl-C sends. */
  public void interrupt() throws IOException {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  /** Waits for the end of the process and returns its status. */
  public int status() {
    try {
      int status = process.waitFor();
      reader.join();
      return status;
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** What the process has started. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** What the process has written so far. */
  public synchronized String text() {
    return String.join("\n", lines);
  }

  private static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("Interrupted while waiting for a process", cause);
  }

  /** Ends the process and everything that it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    status();
  }
}
