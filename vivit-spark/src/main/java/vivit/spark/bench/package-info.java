/**
 * Measures speed: a training or inference step, its parts, single operations, and reading clips.
 * Speeds are set against that of a plain matrix product on the same machine, measured in between.
 * Depends on the model, the configuration and the input; knows neither Spark nor training runs.
 */
package vivit.spark.bench;
