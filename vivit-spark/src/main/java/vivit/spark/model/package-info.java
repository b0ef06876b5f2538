/**
 * Opens models and clips of any format on any Hadoop file system: runs and checkpoints, Hugging
 * Face folders, Scenic and Flax files, DL4J zips. Depends on the model and its checkpoint formats,
 * on {@code checkpoint}, {@code config} and {@code input}, and on the configuration, labels and
 * storage of data preparation.
 */
package vivit.spark.model;
