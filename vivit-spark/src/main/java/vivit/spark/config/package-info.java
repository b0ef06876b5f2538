/**
 * An experiment as records, read from the configuration; contradictions are reported with file and
 * line, before any job starts. Depends on the configuration, labels and shard manifest of data
 * preparation, on the model, and on {@code schedule} and {@code input}.
 */
package vivit.spark.config;
