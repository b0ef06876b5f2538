/** Executors: their memory, cores, serialisation and devices, and what Spark is asked for. */
package vivit.spark.executor;
