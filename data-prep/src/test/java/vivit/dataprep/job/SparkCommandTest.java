package vivit.dataprep.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.UsageException;

class SparkCommandTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static SparkConf strict(SparkConf conf) {
    return conf.setMaster("local[1]")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.kryo.registrationRequired", "true");
  }

  private static SparkCommand command(String master) {
    return new SparkCommand(
        "vivit test",
        new Command("vivit test WORD", List.of()),
        conf -> strict(conf).setMaster(master));
  }

  private int run(SparkCommand command, SparkCommand.ArgumentReader reader) {
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      return command.status(new String[] {"word"}, reader);
    } finally {
      System.setErr(before);
    }
  }

  private String printed() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tasksRunWhereEveryClassMustBeRegistered() {
    List<String> results = new ArrayList<>();
    int status =
        run(
            command("local[1]"),
            args ->
                sc -> {
                  results.add(sc.appName());
                  results.addAll(
                      Tasks.run(
                          sc, List.of(args[0], "x"), String.class, (item, hadoop) -> item + "!"));
                });

    assertThat(status).isEqualTo(Command.DONE);
    assertThat(results).containsExactly("vivit test", "word!", "x!");
  }

  @Test
  void aWrongCommandLineStartsNoSpark() {
    int status =
        run(
            command("nonsense"),
            args -> {
              throw new UsageException("found " + args[0]);
            });

    assertThat(status).isEqualTo(Command.REFUSED);
    assertThat(printed()).startsWith("found word");
  }

  @Test
  void aSparkThatDoesNotStartIsRefusedInOneMessage() {
    int status = run(command("nonsense"), args -> sc -> {});

    assertThat(status).isEqualTo(Command.FAILED);
    assertThat(printed()).contains("Cannot start Spark: ").contains("nonsense");
  }

  @Test
  void whatTheUserHasSetStays() {
    SparkConf conf = new SparkConf(false).set("spark.serializer", "mine");

    assertThat(SparkCommand.complete(conf).get("spark.serializer")).isEqualTo("mine");
    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.kryo.registrator")).isEqualTo(TaskRegistrator.class.getName());
  }
}
