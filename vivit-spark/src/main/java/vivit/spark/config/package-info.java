/**
 * An experiment as records, read from the configuration; contradictions are noted where they were
 * written, before any job starts. Depends on the configuration, the model's shapes and the
 * schedules.
 */
package vivit.spark.config;
