/**
 * Opens models and clips of any format on any Hadoop file system: runs and checkpoints, Hugging
 * Face folders, Scenic and Flax files, DL4J zips.
 */
package vivit.spark.model;
