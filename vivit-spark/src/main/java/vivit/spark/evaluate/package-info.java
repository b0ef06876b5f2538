/**
 * Multi-view evaluation: every stored clip and crop is scored once, logits are averaged per video,
 * and the metrics are exact on any partitioning.
 *
 * <p>Depends on the shard reader, {@code checkpoint}, {@code executor}, {@code input} and the
 * model, but not on training. JVMs exchange records of plain arrays.
 */
package vivit.spark.evaluate;
