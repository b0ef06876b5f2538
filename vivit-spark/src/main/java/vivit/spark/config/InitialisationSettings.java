package vivit.spark.config;

import java.util.Optional;
import vivit.model.initialise.InitialisationOptions;

/**
 * What a new run starts from.
 *
 * @param from file or folder of a checkpoint; empty for random parameters
 */
public record InitialisationSettings(Optional<String> from, InitialisationOptions options) {}
