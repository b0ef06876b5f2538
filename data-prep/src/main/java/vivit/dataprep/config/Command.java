package vivit.dataprep.config;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.storage.NativeCache;
import vivit.dataprep.storage.StorageFailure;
import vivit.dataprep.text.Visible;

/**
 * Help, error texts and exit status of a command.
 *
 * @param usage the first lines of its help: how to call it, and what it does
 * @param sections of the configuration that it reads
 * @param resumption what Ctrl-C leaves behind, and how to go on
 */
public record Command(String usage, List<String> sections, String resumption) {
  /** The command did all of its work. */
  public static final int DONE = 0;

  /** The command started and failed. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong; the command did not start. */
  public static final int REFUSED = 2;

  /** The user stopped the command with Ctrl-C, as shells say it. */
  public static final int STOPPED = 130;

  /** The signal {@code TERM} stopped the command, as shells say it. */
  public static final int TERMINATED = 143;

  private static final Pattern PATH = Pattern.compile("^Cannot use (.+?)(?=: )");

  private static final Logger LOG = LoggerFactory.getLogger(Command.class);

  private static final int CANCELLATIONS = 75;
  private static final int CANCEL_MILLIS = 200;

  /** Copies the list of sections. */
  public Command {
    sections = List.copyOf(sections);
  }

  /** A command that has no result before its end. */
  public Command(String usage, List<String> sections) {
    this(usage, sections, "there is no result; the same command begins anew");
  }

  /** The work of a command. */
  @FunctionalInterface
  public interface Body {
    /** Runs to the end, or throws what prevented it. */
    void run() throws IOException, InterruptedException;
  }

  /** Runs a command that has nothing to cancel, as below. */
  public void main(String[] args, Body body) {
    main(args, body, () -> false);
  }

  /**
   * Runs a command; ends the program with its status unless that is {@link #DONE}. After Ctrl-C the
   * command has some time to clean up, if it can be cancelled, and then the program ends.
   *
   * @param cancel makes the body fail, called again and again after Ctrl-C; false if it cannot
   */
  public void main(String[] args, Body body, BooleanSupplier cancel) {
    PrintStream err = System.err;
    int status = status(args, body, StopRequest.ofInterrupts(() -> stop(cancel, err)), err);
    if (status != DONE) {
      System.exit(status);
    }
  }

  private void stop(BooleanSupplier cancel, PrintStream err) {
    // Threads of Spark that lose their context print stack traces.
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      for (int i = 0; i < CANCELLATIONS && cancel.getAsBoolean(); i++) {
        Thread.sleep(CANCEL_MILLIS);
      }
    } catch (InterruptedException none) { // nobody interrupts this thread
      Thread.currentThread().interrupt();
    }
    err.println(stopped());
    Runtime.getRuntime().halt(STOPPED);
  }

  private String stopped() {
    return "Stopped %s: %s".formatted(usage.strip().split("\\s+", 3)[1], resumption);
  }

  /**
   * Runs a command and returns {@link #DONE}, {@link #FAILED}, {@link #REFUSED}, {@link #STOPPED}
   * or {@link #TERMINATED}. A foreseen failure prints one message, any other its stack trace.
   */
  public int status(String[] args, Body body) {
    return status(args, body, () -> false, System.err);
  }

  private int status(String[] args, Body body, BooleanSupplier stop, PrintStream err) {
    if (StrictConfig.wantsHelp(args)) {
      System.out.println(usage.strip());
      if (!sections.isEmpty()) {
        System.out.println();
        System.out.print(StrictConfig.help(sections.toArray(String[]::new)));
      }
      return DONE;
    }
    try {
      NativeCache.secure();
      run(body, stop);
      return DONE;
    } catch (ConfigException wrong) {
      err.println(Visible.lines(wrong.getMessage()));
      return REFUSED;
    } catch (UsageException wrong) {
      err.println(Visible.lines(wrong.getMessage()));
      err.println();
      err.println(usage.strip().lines().findFirst().orElse(""));
      return REFUSED;
    } catch (StoppedException stopped) {
      err.println(Visible.lines(stopped.getMessage()));
      return stopped.status();
    } catch (IOException | Refusal | FSError failed) {
      LOG.debug("The command failed", failed);
      err.println(Visible.lines(withKey(message(failed), args)));
      return FAILED;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      err.println("Interrupted");
      return FAILED;
    } catch (Exception other) { // also Spark's checked ones, which are not declared
      if (isRefusedByHadoop(other)) {
        LOG.debug("The command failed", other);
        err.println(
            Visible.lines(
                "Cannot use a path of the command line or the configuration: "
                    + other.getMessage()
                    + "; give the path of a file or folder on a file system that can be reached"));
      } else {
        err.println(trace(other));
      }
      return FAILED;
    }
  }

  /** Whatever fails after Ctrl-C fails because of it. */
  private void run(Body body, BooleanSupplier stop) throws IOException, InterruptedException {
    try {
      body.run();
    } catch (Exception | FSError failed) {
      if (stop.getAsBoolean()) {
        LOG.debug("The command was stopped", failed);
        throw new StoppedException(stopped());
      }
      throw failed;
    }
  }

  /** Prints a report; what would drive a terminal is escaped. */
  public static void print(String report) {
    System.out.println(Visible.lines(report));
  }

  /** A stack trace in which no line of a message passes for one of ours. */
  private static String trace(Exception bug) {
    StringWriter text = new StringWriter();
    bug.printStackTrace(new PrintWriter(text, true));
    return Visible.lines(text.toString().replace("\t", "    ").stripTrailing())
        .replace("\n", "\n  ");
  }

  /** Adds the key that a path comes from to a message that begins with the path. */
  private static String withKey(String message, String... args) {
    Matcher path = PATH.matcher(message);
    return path.find()
        ? StrictConfig.keyOf(path.group(1), args)
            .map(key -> "%s (%s)%s".formatted(path.group(), key, message.substring(path.end())))
            .orElse(message)
        : message;
  }

  /**
   * The message of a failure; exceptions of Hadoop, and those of the JDK whose message is a bare
   * path, get a sentence.
   */
  private static String message(Throwable failed) {
    return StorageFailure.sentence(failed).orElseGet(() -> plainMessage(failed));
  }

  private static String plainMessage(Throwable failed) {
    return failed instanceof FileSystemException bare && bare.getReason() == null
        ? "Cannot use %s: %s"
            .formatted(
                bare.getFile(),
                bare instanceof NoSuchFileException
                    ? "there is no such file or folder"
                    : bare.getClass().getSimpleName())
        : String.valueOf(failed.getMessage());
  }

  /**
   * Whether Hadoop threw this runtime exception itself: it does so for text that is not a path, for
   * hosts without an address and for file systems that it does not have.
   */
  private static boolean isRefusedByHadoop(Exception failed) {
    StackTraceElement[] trace = failed.getStackTrace();
    return failed instanceof RuntimeException
        && trace.length > 0
        && trace[0].getClassName().startsWith("org.apache.hadoop.");
  }
}
