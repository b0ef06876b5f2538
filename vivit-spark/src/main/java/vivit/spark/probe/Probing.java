package vivit.spark.probe;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.EffectiveConfig;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FolderLock;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Figures;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.spark.model.Model;
import vivit.spark.model.Models;

/**
 * Probes a model: computes the features of both shard sets by one job each, unless they are there,
 * and trains all probes in one task.
 *
 * @param spark runs the jobs
 * @param settings what to probe and how
 * @param config where the settings come from; checked before any job
 */
public record Probing(JavaSparkContext spark, ProbeSettings settings, StrictConfig config) {
  private static final Logger LOG = LoggerFactory.getLogger(Probing.class);
  private static final String PURPOSE = "probe";
  private static final int VECTORS = 4;

  /**
   * Runs to the end and writes {@code metrics.json}.
   *
   * @param arguments the configuration again, for models that do not describe themselves
   * @throws vivit.dataprep.config.ConfigException before any job, if the settings contradict model
   *     or shards
   * @throws vivit.dataprep.config.Refusal before any job, if the folder has features of others
   */
  public ProbeReport run(Arguments arguments) throws IOException {
    Configuration conf = spark.hadoopConfiguration();
    ShardSet training = ShardSet.open(new Path(settings.trainingShards()), conf);
    ShardSet evaluation = ShardSet.open(new Path(settings.evaluationShards()), conf);
    FrozenModel frozen;
    try (Model model = Models.open(conf, settings.model(), arguments, Optional.empty())) {
      new ProbeChecks(config.section("probe"))
          .check(settings, model.config(), training.manifest(), evaluation.manifest());
      ShardSet.checkOutput(config.section("probe"), "output", conf);
      config.check();
      frozen = FrozenModel.of(settings.model(), model);
    }
    Path output = new Path(settings.output());
    FileSystem files = AtomicFile.raw(OpenFileSystem.of(output, conf));
    try (FolderLock lock = FolderLock.acquire(files, output, PURPOSE)) {
      ProbeReport report = run(frozen, training, evaluation, output);
      lock.ensureHeld();
      report.write(output, conf);
      return report;
    }
  }

  private ProbeReport run(FrozenModel model, ShardSet training, ShardSet evaluation, Path output)
      throws IOException {
    FeatureJob first =
        job(model, training, new Path(output, "features/training"), 1, "probe.training-shards");
    FeatureJob second =
        job(
            model,
            evaluation,
            new Path(output, "features/evaluation"),
            settings.crops(),
            "probe.evaluation-shards");
    first.done(); // both are refused before either is computed
    second.done();
    ProbeTraining.Setup setup = setup(model.config(), training, first, second);
    log(model.config(), setup);
    ProbeOutcome outcome =
        FailedJob.unwrapped(
            () -> {
              first.run();
              second.run();
              return Tasks.run(spark, List.of(0), ProbeOutcome.class, new ProbeTraining(setup))
                  .get(0);
            });
    return new ProbeReport(
        outcome,
        setup.select(),
        origin(model, training, evaluation),
        settings.crops(),
        settings.epochs());
  }

  private FeatureJob job(FrozenModel model, ShardSet shards, Path folder, int crops, String key) {
    EffectiveConfig effective = config.effective("probe");
    return new FeatureJob(
        spark,
        model,
        shards,
        folder,
        crops,
        settings.kinds().contains(ProbeKind.ATTENTIVE)
            ? List.of(FeatureFile.REPRESENTATION, FeatureFile.TOKENS)
            : List.of(FeatureFile.REPRESENTATION),
        settings.encoderBatch(),
        List.of(
            effective.hide(model.place(), "probe.model"),
            effective.hide(shards.folder().toString(), key)));
  }

  private ProbeTraining.Setup setup(
      ViViTConfig model, ShardSet training, FeatureJob first, FeatureJob second) {
    return new ProbeTraining.Setup(
        first.folder().toString(),
        second.folder().toString(),
        training.manifest().heads(),
        settings.points(),
        settings.attentionHeads().orElse(model.attentionHeads()),
        settings.epochs(),
        settings.batchSize(),
        settings.validationShare(),
        settings.select().orElse(ProbeChoice.usual(training.manifest().heads())),
        settings.seed());
  }

  private static void log(ViViTConfig model, ProbeTraining.Setup setup) {
    long classes = ProbeTraining.heads(setup.heads()).stream().mapToLong(Head::classes).sum();
    long parameters =
        setup.points(ProbeKind.LINEAR).size() * (model.representation() + 1L) * classes
            + setup.points(ProbeKind.ATTENTIVE).size()
                * AttentiveProbe.parameters(model.width(), classes);
    LOG.info(
        "{} probes with {} parameters in all, trained by one task, with {} of native memory for them, their gradients and moments",
        setup.points().size(),
        Figures.count(parameters),
        Figures.bytes(parameters * VECTORS * Float.BYTES));
  }

  private Map<String, String> origin(FrozenModel model, ShardSet training, ShardSet evaluation) {
    EffectiveConfig effective = config.effective("probe");
    Map<String, String> origin = new LinkedHashMap<>();
    origin.put("model", effective.hide(model.place(), "probe.model"));
    origin.put("model_sha256", model.sha256());
    origin.put(
        "training_shards", effective.hide(training.folder().toString(), "probe.training-shards"));
    origin.put("training_shards_hash", training.manifest().hash());
    origin.put(
        "evaluation_shards",
        effective.hide(evaluation.folder().toString(), "probe.evaluation-shards"));
    origin.put("evaluation_shards_hash", evaluation.manifest().hash());
    origin.put("labels_hash", training.manifest().labelsHash());
    return origin;
  }
}
