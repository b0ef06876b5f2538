/**
 * Augmentation of pixels as functions of numbers that the caller draws.
 *
 * <p>Clips are {@code [T, H, W, 3]}, bytes before normalisation and floats in [-1, 1] after it; all
 * functions work in place. Depends on the model's shapes only.
 */
package vivit.spark.input.pixels;
