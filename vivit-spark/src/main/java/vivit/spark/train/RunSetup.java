package vivit.spark.train;

import java.io.Serializable;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import vivit.dataprep.shard.Manifest;
import vivit.model.ModelDescription;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.DropPath;
import vivit.spark.config.TrainingSettings;
import vivit.spark.input.ClipAugmenter;
import vivit.spark.input.ClipAugmenter.Augmentation;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.Mirroring;
import vivit.spark.input.RandomClips;

/**
 * The part of a run that stays the same for all rounds; broadcast to the workers once.
 *
 * @param run name of this execution of the program; the owner of replicas in executors
 * @param updates how gradients change the parameters
 * @param rates learning-rate factors of single parameters
 * @param shards folder of the shard set; empty for {@link RandomClips}
 * @param seed of every random draw
 * @param repeats rows of every clip in a batch
 * @param classWeights per head, factors on the loss of every class; empty for none
 * @param reportClips whether every step names its clips
 */
record RunSetup(
    String run,
    ModelDescription model,
    TrainingSettings.Updates updates,
    DropPath.Rule dropPathRule,
    ParameterRates rates,
    String shards,
    SerializableConfiguration conf,
    long seed,
    Augmentation augmentation,
    Mirroring mirroring,
    int repeats,
    List<double[]> classWeights,
    boolean reportClips)
    implements Serializable {

  /** Creates the setup of a new execution. */
  static RunSetup of(
      TrainingSettings settings, ViViTConfig model, Manifest shards, Configuration conf) {
    return new RunSetup(
        UUID.randomUUID().toString(),
        ModelDescription.of(model),
        settings.updates(),
        settings.dropPathRule(),
        settings.rates(model),
        settings.shards(),
        new SerializableConfiguration(conf),
        settings.seed(),
        settings.augmentation(),
        new Mirroring(settings.augmentation().flipDirection(), shards.heads()),
        settings.repeats(),
        settings.classWeights().weights(shards),
        settings.reporting().ledger());
  }

  /** Creates an optimiser. */
  Optimiser optimiser() {
    return updates.optimiser();
  }

  /** Creates an augmenter for one thread. */
  ClipAugmenter augmenter() {
    return new ClipAugmenter(tokens(), augmentation, mirroring, seed);
  }

  /** Creates the conversion from clips to tokens. */
  ClipTokens tokens() {
    return new ClipTokens(model.config());
  }
}
