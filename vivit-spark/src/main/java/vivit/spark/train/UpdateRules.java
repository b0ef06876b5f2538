package vivit.spark.train;

import java.io.Serializable;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.DropPath;
import vivit.spark.config.TrainingSettings;

/**
 * How workers turn clips into updates; the same for all steps of a run.
 *
 * @param microBatch clips that go through the network together; 0 for all of a worker's step
 * @param rates what single parameters make of the learning rate
 */
record UpdateRules(
    double momentum,
    double maxGradientNorm,
    Optimiser.ClipEach clipEach,
    int microBatch,
    Recompute recompute,
    DropPath.Rule dropPathRule,
    ParameterRates rates)
    implements Serializable {

  static UpdateRules of(TrainingSettings settings, ViViTConfig model) {
    TrainingSettings.Updates updates = settings.updates();
    return new UpdateRules(
        updates.momentum(),
        updates.maxGradientNorm(),
        updates.clipEach(),
        updates.microBatch(),
        updates.recompute(),
        settings.dropPathRule(),
        settings.rates(model));
  }

  Optimiser optimiser() {
    return new Optimiser(momentum, maxGradientNorm, clipEach);
  }
}
