/**
 * Executors: their memory, cores, serialisation and device, the replicas that they keep between
 * tasks, and the broadcast of a flat vector to all of them. May use the model, the package {@code
 * checkpoint} for its vectors, ND4J and Spark; knows neither training nor evaluation.
 */
package vivit.spark.executor;
