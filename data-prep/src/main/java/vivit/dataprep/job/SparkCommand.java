package vivit.dataprep.job;

import java.io.IOException;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.Command;

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

  /** The part of a command before there is a Spark context. */
  @FunctionalInterface
  public interface Preparation {
    /** Reads the command line and refuses what is wrong with it; returns what is left to do. */
    Work read(String... args) throws IOException;
  }

  /** The part of a command that needs Spark. */
  @FunctionalInterface
  public interface Work {
    /** Works to the end, or throws what prevented it. */
    void run(JavaSparkContext sc) throws IOException;
  }

  /** Runs the command and ends the program with its status, unless everything went well. */
  public void main(String[] args, Preparation preparation) {
    command.main(args, () -> run(preparation, args));
  }

  /** Runs the command and returns its status. */
  public int status(String[] args, Preparation preparation) {
    return command.status(args, () -> run(preparation, args));
  }

  private void run(Preparation preparation, String... args) throws IOException {
    Work work = preparation.read(args);
    SparkConf conf = complete(settings.apply(new SparkConf())).setIfMissing("spark.app.name", name);
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      FailedJob.unwrapped(
          () -> {
            work.run(sc);
            return null;
          });
    }
  }

  /** Fills in the settings that every command needs; those that are there stay. */
  public static SparkConf complete(SparkConf conf) {
    return conf.setIfMissing("spark.master", "local[*]")
        .setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .setIfMissing("spark.kryo.registrator", TaskRegistrator.class.getName());
  }
}
