package vivit.dataprep.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.UsageException;

class SparkCommandTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static SparkCommand command(String master) {
    return new SparkCommand(
        "vivit test", new Command("vivit test WORD", List.of()), conf -> conf.setMaster(master));
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
    assertThat(conf.get("spark.kryo.registrationRequired")).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local[2]", "local[*]", "local[2,3]"})
  void oneProcessListensToItsOwnMachineAlone(String master) {
    SparkConf conf = SparkCommand.complete(new SparkConf(false).setMaster(master));

    assertThat(conf.get("spark.driver.host")).isEqualTo("127.0.0.1");
    assertThat(conf.get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
    assertThat(conf.get("spark.authenticate")).isEqualTo("true");
  }

  @Test
  void theUserMayOpenIt() {
    SparkConf conf =
        SparkCommand.complete(
            new SparkConf(false)
                .set("spark.driver.host", "10.0.0.7")
                .set("spark.ui.enabled", "true")
                .set("spark.authenticate", "false"));

    assertThat(conf.get("spark.driver.host")).isEqualTo("10.0.0.7");
    assertThat(conf.contains("spark.driver.bindAddress")).isFalse();
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("true");
    assertThat(conf.get("spark.authenticate")).isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local-cluster[2,1,1024]", "spark://master:7077", "yarn"})
  void clustersKeepTheirNetwork(String master) {
    SparkConf conf = SparkCommand.complete(new SparkConf(false).setMaster(master));

    assertThat(conf.contains("spark.driver.host")).isFalse();
    assertThat(conf.contains("spark.ui.enabled")).isFalse();
    assertThat(conf.contains("spark.authenticate")).isFalse();
  }

  /** Where /proc exists, the sockets themselves; elsewhere the addresses that Spark has bound. */
  @Test
  void everySocketOfALocalJobIsOnLoopback() {
    List<String> open = new ArrayList<>();
    List<String> bound = new ArrayList<>();
    int status =
        run(
            command("local[2]"),
            args ->
                sc -> {
                  Tasks.run(sc, List.of("x"), String.class, (item, hadoop) -> item);
                  bound.add(sc.env().rpcEnv().address().host());
                  bound.add(sc.env().blockManager().blockManagerId().host());
                  open.addAll(Listening.sockets());
                  assertThat(sc.sc().ui().isEmpty()).isTrue();
                });

    assertThat(status).isEqualTo(Command.DONE);
    assertThat(bound).containsOnly("127.0.0.1");
    assertThat(open).allMatch(Listening::isLoopback, "127.0.0.1 or ::1");
    assertThat(open).hasSizeGreaterThanOrEqualTo(Listening.isKnown() ? 2 : 0);
  }
}
