/**
 * Probes of a frozen encoder: what it makes of every stored clip, computed once and kept as
 * Parquet, and small classifiers trained on that.
 *
 * <p>Depends on {@code evaluate} for views and metrics, on {@code model}, {@code executor}, {@code
 * input} and the engines; training does not depend on it.
 */
package vivit.spark.probe;
