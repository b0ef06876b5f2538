/**
 * What augmentation does to pixels, as functions of numbers that others have drawn.
 *
 * <p>Clips are {@code [T, H, W, 3]}, bytes before and floats in [-1, 1] after normalisation; all
 * functions work in place. Depends on the model's shapes only.
 */
package vivit.spark.input.pixels;
