package vivit.spark;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.job.SparkCommand;
import vivit.spark.probe.ProbeReport;
import vivit.spark.probe.ProbeSettings;
import vivit.spark.probe.Probing;

/** Trains small classifiers on the features of a frozen model. */
public final class Probe {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

  private static final Command OUTSIDE =
      new Command(
          """
          vivit probe [config] [key=value ...]

          Computes the features of every clip with a frozen model, once, and trains linear or
          attentive probes on them: all learning rates with all weight decays. Chooses the best on
          held-out training videos and evaluates all. Writes features and metrics.json. A model
          that does not describe itself needs a configuration (section model).
          """,
          List.of("seed", "probe", "model", "describe"),
          "complete features are kept; the same command goes on from there");

  private static final SparkCommand COMMAND =
      new SparkCommand("vivit probe", OUTSIDE, SparkSettings::complete);

  private Probe() {}

  /** {@code [config] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, Probe::probe);
  }

  private static SparkCommand.SparkBody probe(String... args) {
    Arguments arguments = Arguments.parse(Set.of(), args);
    if (!arguments.places().isEmpty()) {
      throw new UsageException(
          "found %s, expected a configuration file (.conf) and key=value"
              .formatted(arguments.places()));
    }
    settings(arguments.load());
    return sc -> Command.print(run(sc, arguments).table());
  }

  private static ProbeSettings settings(StrictConfig config) {
    ProbeSettings settings = ProbeSettings.read(config);
    config.require(
        "probe.model", "probe.training-shards", "probe.evaluation-shards", "probe.output");
    config.check();
    return settings;
  }

  /**
   * Probes a model and writes {@code metrics.json}.
   *
   * @throws ConfigException before any job, if the configuration contradicts itself, the model or
   *     the shards
   */
  public static ProbeReport run(JavaSparkContext sc, Arguments arguments) throws IOException {
    StrictConfig config = arguments.load();
    ProbeSettings settings = settings(config);
    ProbeReport report = new Probing(sc, settings, config).run(arguments);
    LOG.info("Wrote {}/{}", settings.output(), ProbeReport.METRICS);
    return report;
  }
}
