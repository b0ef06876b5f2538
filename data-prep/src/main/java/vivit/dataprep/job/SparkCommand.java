package vivit.dataprep.job;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.Refusal;

/**
 * A command that runs on Spark. Adds to {@link Command} the Spark settings, a context for the
 * duration of the work, and one message for the failure of a worker.
 *
 * @param name default name of the application, such as {@code vivit prepare}
 * @param command help, error texts and exit status
 * @param settings adds the Spark settings of the command; must keep those of the user
 */
public record SparkCommand(String name, Command command, UnaryOperator<SparkConf> settings) {
  private static final String HOST = "spark.driver.host";
  private static final String BIND_ADDRESS = "spark.driver.bindAddress";

  private static final Logger LOG = LoggerFactory.getLogger(SparkCommand.class);

  /** Names of settings that Spark shows to nobody: its default, and the keys of Azure accounts. */
  private static final String SECRET = "(?i)secret|password|token|access[.]?key|account[.]key";

  private static final String LOOPBACK = "127.0.0.1";

  /** A command without settings beyond those of {@link #complete}. */
  public SparkCommand(String name, Command command) {
    this(name, command, UnaryOperator.identity());
  }

  /** The part of a command that runs before Spark starts: it reads the arguments. */
  @FunctionalInterface
  public interface ArgumentReader {
    /** Reads and checks the command line; returns the work that remains. */
    SparkBody read(String... args) throws IOException;
  }

  /** The part of a command that needs Spark. */
  @FunctionalInterface
  public interface SparkBody {
    /** Runs to the end, or throws what prevented it. */
    void run(JavaSparkContext sc) throws IOException;
  }

  /** Runs the command; ends the program with its status unless that is {@link Command#DONE}. */
  public void main(String[] args, ArgumentReader reader) {
    AtomicReference<JavaSparkContext> running = new AtomicReference<>();
    command.main(
        args,
        () -> {
          SparkBody body = reader.read(args);
          run(
              sc -> {
                running.set(sc);
                body.run(sc);
              });
        },
        () -> running.get() != null && cancel(running.get()));
  }

  /**
   * Cancels all jobs, and silences Spark, which has much to say about that.
   *
   * @return true, also when Spark has stopped already: then the program is about to end
   */
  public static boolean cancel(JavaSparkContext sc) {
    try {
      if (!sc.sc().isStopped()) {
        sc.setLogLevel("OFF");
        sc.cancelAllJobs();
      }
    } catch (IllegalStateException stopped) { // in between
      LOG.debug("Spark has stopped", stopped);
    }
    return true;
  }

  /** Runs the command and returns its status. */
  public int status(String[] args, ArgumentReader reader) {
    return command.status(args, () -> run(reader.read(args)));
  }

  /** Runs work with a context of its own, for a command that only sometimes needs Spark. */
  public void run(SparkBody body) throws IOException {
    SparkConf conf = complete(settings.apply(new SparkConf())).setIfMissing("spark.app.name", name);
    try (JavaSparkContext sc = start(conf)) {
      FailedJob.unwrapped(
          () -> {
            body.run(sc);
            return null;
          });
    }
  }

  /** Starts Spark; a failure is refused, since its cause is a setting or the machine, not a bug. */
  private static JavaSparkContext start(SparkConf conf) {
    JavaSparkContext sc;
    try {
      sc = new JavaSparkContext(conf);
    } catch (Exception refused) { // Spark throws checked exceptions that it does not declare
      throw new Refusal("Cannot start Spark: " + refused.getMessage(), refused);
    }
    requireRegistered(sc);
    return sc;
  }

  /**
   * Refuses to go on without a standalone master's consent: Spark gives up after a minute of
   * attempts, logs why, and returns a context that is about to stop. Masters number applications,
   * {@code app-20261130101500-0000}; Spark makes up another id where none has.
   */
  private static void requireRegistered(JavaSparkContext sc) {
    if (sc.master().startsWith("spark://") && !sc.sc().applicationId().startsWith("app-")) {
      String master = sc.master();
      sc.close();
      throw new Refusal(
          "Cannot start Spark: "
              + master
              + " does not accept this application; check that a master runs there, and that the"
              + " settings spark.authenticate and spark.network.crypto are those of the cluster");
    }
  }

  /**
   * Adds the settings that every command needs; existing ones are kept. Where driver and workers
   * are one process, it listens to its own machine alone, without a web interface.
   */
  public static SparkConf complete(SparkConf conf) {
    conf.setIfMissing("spark.redaction.regex", SECRET)
        .setIfMissing("spark.master", "local[*]")
        .setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .setIfMissing("spark.kryo.registrator", TaskRegistrator.class.getName())
        .setIfMissing("spark.kryo.registrationRequired", "true");
    if (!conf.get("spark.master").matches("local(\\[.*\\])?")) {
      return conf;
    }
    if (!conf.contains(HOST) && !conf.contains(BIND_ADDRESS)) { // one alone would not fit the other
      conf.set(HOST, LOOPBACK).set(BIND_ADDRESS, LOOPBACK);
    }
    // Spark makes up the secret itself; other users of the machine do not know it.
    return conf.setIfMissing("spark.ui.enabled", "false")
        .setIfMissing("spark.authenticate", "true");
  }
}
