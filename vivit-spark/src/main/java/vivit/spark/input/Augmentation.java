package vivit.spark.input;

import java.io.Serializable;

/**
 * How clips are augmented, but for how often and how strongly, which schedules say.
 *
 * @param minScale smallest factor of the scale jitter
 * @param maxScale largest factor of the scale jitter
 * @param flipDirection what to do with classes that tell left from right
 * @param randAugmentLayers operations in a row, 0 for none
 */
public record Augmentation(
    double minScale, double maxScale, FlipDirection flipDirection, int randAugmentLayers)
    implements Serializable {}
