package vivit.dataprep.config;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.text.Visible;

/**
 * Help, error texts and exit status of a command.
 *
 * @param usage the first lines of its help: how to call it, and what it does
 * @param sections of the configuration that it reads
 */
public record Command(String usage, List<String> sections) {
  /** The command did all of its work. */
  public static final int DONE = 0;

  /** The command started and failed. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong; the command did not start. */
  public static final int REFUSED = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Command.class);

  /** Copies the list of sections. */
  public Command {
    sections = List.copyOf(sections);
  }

  /** The work of a command. */
  @FunctionalInterface
  public interface Body {
    /** Runs to the end, or throws what prevented it. */
    void run() throws IOException, InterruptedException;
  }

  /** Runs a command; ends the program with its status unless that is {@link #DONE}. */
  public void main(String[] args, Body body) {
    int status = status(args, body);
    if (status != DONE) {
      System.exit(status);
    }
  }

  /**
   * Runs a command and returns {@link #DONE}, {@link #FAILED} or {@link #REFUSED}. A foreseen
   * failure prints one message, any other its stack trace.
   */
  public int status(String[] args, Body body) {
    if (StrictConfig.wantsHelp(args)) {
      System.out.println(usage.strip());
      if (!sections.isEmpty()) {
        System.out.println();
        System.out.print(StrictConfig.help(sections.toArray(String[]::new)));
      }
      return DONE;
    }
    try {
      body.run();
      return DONE;
    } catch (ConfigException wrong) {
      System.err.println(Visible.lines(wrong.getMessage()));
      return REFUSED;
    } catch (UsageException wrong) {
      System.err.println(Visible.lines(wrong.getMessage()));
      System.err.println();
      System.err.println(usage.strip().lines().findFirst().orElse(""));
      return REFUSED;
    } catch (IOException | Refusal failed) {
      LOG.debug("The command failed", failed);
      System.err.println(Visible.lines(String.valueOf(failed.getMessage())));
      return FAILED;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      System.err.println("Interrupted");
      return FAILED;
    } catch (Exception bug) { // also Spark's checked ones, which are not declared
      bug.printStackTrace();
      return FAILED;
    }
  }
}
