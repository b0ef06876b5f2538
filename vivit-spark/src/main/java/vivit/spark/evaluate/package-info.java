/**
 * Multi-view evaluation: every stored clip and crop is scored once, logits are averaged per video,
 * and the metrics are exact on any partitioning.
 *
 * <p>May use the shard reader, the checkpoint reader, the input package and the model; knows
 * nothing of training. Between JVMs go records of plain arrays.
 */
package vivit.spark.evaluate;
