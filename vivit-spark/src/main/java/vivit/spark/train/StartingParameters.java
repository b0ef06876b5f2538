package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.LabelMapDifference;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.HuggingFaceCheckpoint;
import vivit.model.checkpoint.HuggingFaceConfig;
import vivit.model.checkpoint.ParameterFile;
import vivit.model.checkpoint.ReorderedClasses;
import vivit.model.checkpoint.TensorSource;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.InitialisationReport;
import vivit.model.initialise.Initialiser;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.parameter.Initialisation;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.config.InitialisationSettings;
import vivit.spark.model.Models;

/** The parameters of a new run before its first step. */
final class StartingParameters {
  private StartingParameters() {}

  /**
   * Draws random parameters equal to those of {@code ViViTGraph.create}, without the memory of a
   * network.
   */
  static void draw(ViViTConfig model, long seed, ParameterFile.Sink parameters) throws IOException {
    for (Parameter parameter : ParameterIndex.of(model).parameters()) {
      double[] drawn = Initialisation.values(parameter, seed);
      float[] values = new float[drawn.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) drawn[i];
      }
      parameters.write(parameter.offset(), values);
    }
  }

  /**
   * Overwrites random parameters with those of the checkpoint that the run starts from; returns the
   * report. A restored classifier of a Hugging Face folder gets the order of the run's classes.
   *
   * @param classes names of the classes of the only head; empty for several heads
   */
  static InitialisationReport restore(
      String from,
      InitialisationOptions options,
      ViViTConfig model,
      List<String> classes,
      ParameterValues parameters,
      Configuration conf)
      throws IOException {
    try (TensorSource source = Models.tensors(conf, new Path(from))) {
      boolean restoresHead = options.restored().contains(InitialisationOptions.ModelPart.HEAD);
      Ordered ordered =
          restoresHead && !classes.isEmpty() && source instanceof HuggingFaceCheckpoint folder
              ? inOrder(folder, classes)
              : new Ordered(source, List.of());
      InitialisationReport report =
          Initialiser.initialise(ordered.source(), model, options, parameters);
      List<String> warnings = new ArrayList<>(ordered.warnings());
      if (source instanceof HuggingFaceCheckpoint folder) {
        folder.note().ifPresent(warnings::add);
      }
      return report.with(warnings);
    }
  }

  /** A source whose classes are in the order of the run's. */
  private record Ordered(TensorSource source, List<String> warnings) {}

  private static Ordered inOrder(HuggingFaceCheckpoint folder, List<String> classes)
      throws IOException {
    List<String> labels = folder.config().labels();
    if (labels.equals(classes)) {
      return new Ordered(folder, List.of());
    }
    if (folder.config().isNameless() && labels.size() == classes.size()) {
      return new Ordered(
          folder,
          List.of(
              "%s has no class names, so its class 0 becomes %s, and so on: make sure that this is the order that it was trained with"
                  .formatted(folder.name(), classes.get(0))));
    }
    LabelMapDifference difference =
        new LabelMapDifference(LabelMap.of(classes), LabelMap.of(labels));
    if (!difference.sameNames()) {
      throw new IOException(
          "Cannot restore the classifier of %s, whose classes (id2label of %s) differ: %s; set initialise.restore-head=false, or give both the same names"
              .formatted(
                  folder.name(),
                  HuggingFaceConfig.FILE,
                  difference.text("the shards", "the checkpoint")));
    }
    return new Ordered(
        new ReorderedClasses(folder, classes.stream().map(labels::indexOf).toList()),
        List.of(
            "The classes of %s are in another order than those of the shards; they were restored by name"
                .formatted(folder.name())));
  }

  /**
   * Refuses to restore classifiers of other classes.
   *
   * @param heads classes of the shards
   */
  static void refuseOtherClasses(
      InitialisationSettings settings, LabelHeads heads, Configuration conf) throws IOException {
    if (settings.from().isPresent()
        && settings.options().restored().contains(InitialisationOptions.ModelPart.HEAD)) {
      refuseOtherClasses(new Path(settings.from().get()), heads, conf);
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
