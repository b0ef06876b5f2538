package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.text.Visible;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorSource;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.InitialisationReport;
import vivit.model.initialise.Initialiser;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.parameter.Initialisation;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.config.Experiment;
import vivit.spark.config.InitialisationSettings;
import vivit.spark.model.Models;

/** The parameters of a new run before its first step. */
final class StartingParameters {
  private static final Logger LOG = LoggerFactory.getLogger(StartingParameters.class);
  private static final String REPORT = "initialisation.txt";

  private StartingParameters() {}

  /**
   * Draws random parameters equal to those of {@code ViViTGraph.create}, without tensors: the
   * driver needs neither the memory of a network nor a device.
   */
  static SlicedVector draw(ViViTConfig model, long seed, int sliceLength) {
    ParameterIndex index = ParameterIndex.of(model);
    SlicedVector parameters = new SlicedVector(index.length(), sliceLength);
    for (Parameter parameter : index.parameters()) {
      double[] drawn = Initialisation.values(parameter, seed);
      float[] values = new float[drawn.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) drawn[i];
      }
      parameters.write(parameter.offset(), values);
    }
    return parameters;
  }

  /**
   * Overwrites random parameters with those of the checkpoint that the run starts from, if any, and
   * reports them in the log and the run folder.
   *
   * @param heads classes of the shards; classifiers are restored only for equal classes
   */
  static void restore(
      Experiment experiment,
      ViViTConfig model,
      LabelHeads heads,
      SlicedVector parameters,
      RunFolder folder,
      Configuration conf)
      throws IOException {
    InitialisationSettings settings = experiment.initialisation();
    if (settings.from().isEmpty()) {
      return;
    }
    Path from = new Path(settings.from().get());
    if (settings.options().restored().contains(InitialisationOptions.ModelPart.HEAD)) {
      refuseOtherClasses(from, heads, conf);
    }
    try (TensorSource source = Models.tensors(conf, from)) {
      InitialisationReport report =
          Initialiser.initialise(
              source,
              model,
              settings.options(),
              new ParameterValues(parameters::read, parameters::write));
      LOG.info("{}", Visible.lines(report.text()));
      report.warnings().forEach(warning -> LOG.warn("{}", Visible.text(warning)));
      folder.writeText(REPORT, experiment.effective().hide(report.text(), "initialise.from"));
    }
  }

  private static void refuseOtherClasses(Path from, LabelHeads heads, Configuration conf)
      throws IOException {
    Optional<LabelHeads> trained =
        CheckpointStore.find(conf, from).map(checkpoint -> checkpoint.state().heads());
    if (trained.isEmpty() || trained.get().count() != heads.count()) {
      return;
    }
    List<String> differences = LabelDifferences.between(heads, trained.get());
    if (!differences.isEmpty()) {
      throw new IOException(
          "Cannot restore the classifiers of %s, whose classes differ; %s; set initialise.restore-head=false, or prepare the shards with the label map of that run"
              .formatted(from, String.join("; ", differences)));
    }
  }
}
