package vivit.dataprep.job;

import java.io.IOException;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.Refusal;

/**
 * A command that runs on Spark: help, error texts and exit status, settings of Spark, a context for
 * as long as it works, and the failures of its workers in one message.
 *
 * @param name of the application where the user gives none, such as {@code vivit prepare}
 * @param command its outside
 * @param settings adds what the command asks of Spark; what the user has set must stay
 */
public record SparkCommand(String name, Command command, UnaryOperator<SparkConf> settings) {

  /** A command that asks for no more than {@link #complete}. */
  public SparkCommand(String name, Command command) {
    this(name, command, UnaryOperator.identity());
  }

  /** The part of a command before there is a Spark context: reads its arguments. */
  @FunctionalInterface
  public interface ArgumentReader {
    /** Reads the command line and refuses what is wrong with it; returns what is left to do. */
    SparkBody read(String... args) throws IOException;
  }

  /** The part of a command that needs Spark. */
  @FunctionalInterface
  public interface SparkBody {
    /** Works to the end, or throws what prevented it. */
    void run(JavaSparkContext sc) throws IOException;
  }

  /** Runs the command and ends the program with its status, unless everything went well. */
  public void main(String[] args, ArgumentReader reader) {
    command.main(args, () -> run(reader, args));
  }

  /** Runs the command and returns its status. */
  public int status(String[] args, ArgumentReader reader) {
    return command.status(args, () -> run(reader, args));
  }

  private void run(ArgumentReader reader, String... args) throws IOException {
    SparkBody body = reader.read(args);
    SparkConf conf = complete(settings.apply(new SparkConf())).setIfMissing("spark.app.name", name);
    try (JavaSparkContext sc = start(conf)) {
      FailedJob.unwrapped(
          () -> {
            body.run(sc);
            return null;
          });
    }
  }

  /** Starts Spark; whatever keeps it from starting is a setting or the machine, not a bug. */
  private static JavaSparkContext start(SparkConf conf) {
    try {
      return new JavaSparkContext(conf);
    } catch (Exception refused) { // also checked ones, which are not declared
      throw new Refusal("Cannot start Spark: " + refused.getMessage(), refused);
    }
  }

  /** Fills in the settings that every command needs; those that are there stay. */
  public static SparkConf complete(SparkConf conf) {
    return conf.setIfMissing("spark.master", "local[*]")
        .setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .setIfMissing("spark.kryo.registrator", TaskRegistrator.class.getName());
  }
}
